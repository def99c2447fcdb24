// What pages with a client library such as opencpu.js do: XMLHttpRequest, the session's address from Location, its key as argument.
"use strict";

/** Calls a function of this page's package; resolves to the session's {key, address}. */
function call(name, args) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    for (const [key, value] of Object.entries(args)) body.append(key, value);
    const request = new XMLHttpRequest();
    request.open("POST", "../R/" + name);
    request.onload = () =>
      request.status === 201
        ? resolve({ key: request.getResponseHeader("X-ocpu-session"), address: request.getResponseHeader("Location") })
        : reject(new Error(request.responseText));
    request.onerror = () => reject(new Error("no answer"));
    request.send(body);
  });
}

async function show(file) {
  const table = await call("read_table", { file });
  const model = await call("fit", { data: table.key });
  const drawn = await call("draw", { data: table.key, model: model.key });
  const size = "?width=400&height=300";
  document.getElementById("plot").src = drawn.address + "graphics/last/png" + size;
  const print = await (await fetch(model.address + "R/.val/print")).text();
  document.getElementById("slope").textContent = print;
}

document.getElementById("file").addEventListener("change", (event) => {
  show(event.target.files[0]).catch((problem) => {
    document.getElementById("error").textContent = problem.message;
  });
});
