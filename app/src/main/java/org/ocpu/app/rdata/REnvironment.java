package org.ocpu.app.rdata;

/** An environment. Those that every R session has are named, not copied, when serialized. */
public sealed interface REnvironment extends RValue
        permits RBaseEnvironment, RNamespace, RPackageEnvironment, RLocalEnvironment {}
