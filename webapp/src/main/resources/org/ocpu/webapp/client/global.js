// The end of the classic script. What an older library of the same name has put there stays.

import { ocpu } from "./api.js";

globalThis.ocpu = Object.assign(ocpu, globalThis.ocpu);
