#include "worker.h"

#include <R_ext/GraphicsEngine.h>

/* Whether the current device keeps what is drawn and something was drawn on it. */
SEXP ocpu_drawn(void) {
  if (Rf_NoDevices()) return Rf_ScalarLogical(0);
  pGEDevDesc device = GEcurrentDevice();
  return Rf_ScalarLogical(device->displayListOn && device->dirty && device->displayList != R_NilValue);
}

/* Whether anything was drawn on the current device. */
SEXP ocpu_drawn_on(void) { return Rf_ScalarLogical(!Rf_NoDevices() && GEcurrentDevice()->dirty); }
