// ocpu: the client library for apps. No dependencies.

import { ocpu } from "./api.js";
import { OcpuError } from "./session.js";
import { OcpuPlot } from "./plot.js";
import { OcpuTable } from "./table.js";

export { OcpuError, OcpuPlot, OcpuTable, ocpu };
export default ocpu;
