// Puts elements on the page as the test says, and notes what they tell.

import { ocpu, OcpuError } from "../../../../ocpu.mjs";

const place = document.getElementById("place");
const events = [];
for (const type of ["ocpu-load", "ocpu-error"]) {
  place.addEventListener(type, ({ detail }) => events.push(detail.error ? `error ${detail.error.message}` : "load"));
}

Object.assign(globalThis, { library: { ocpu, OcpuError }, events, element: null });

globalThis.put = (name, attributes = {}, properties = {}) => {
  events.length = 0;
  globalThis.element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  Object.assign(element, properties);
  place.replaceChildren(element);
};
