package dev.sot.transport.linear;

class JavaLinearAlgebraTest extends LinearAlgebraContract {

    @Override
    protected LinearAlgebra algebra() {
        return Backends.java();
    }
}
