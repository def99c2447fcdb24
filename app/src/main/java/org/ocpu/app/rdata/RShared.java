package org.ocpu.app.rdata;

/** What R serializes once, and by a reference wherever it occurs again. */
public sealed interface RShared extends RValue
        permits RSymbol,
                RNamespace,
                RPackageEnvironment,
                RLocalEnvironment,
                RExternalPointer,
                RWeakReference,
                RPersistent {}
