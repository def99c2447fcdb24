// A page with the classic script.

/// <reference path="./ocpu.d.ts" />

const { rpc } = ocpu("../R");
rpc<string>("greet", { name: "Ada", how: ocpu.code("toupper") }).then((greeting) => greeting.trim());
document.createElement("ocpu-plot").fun = "histogram";
