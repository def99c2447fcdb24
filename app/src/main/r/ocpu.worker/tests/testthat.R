library(testthat)
library(ocpu.worker)

test_check("ocpu.worker")
