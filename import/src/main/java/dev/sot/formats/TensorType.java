package dev.sot.formats;

import java.nio.ByteBuffer;

/** Element types of tensors, by the names of the safetensors format. */
public enum TensorType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E4M3(1),
    F8_E5M2(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    I64(8),
    U64(8),
    F64(8);

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements can be read as floating-point numbers. */
    public boolean isReal() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }

    /** Whether elements can be read as whole numbers. */
    public boolean isWhole() {
        return this == I32 || this == I64;
    }

    double real(ByteBuffer buffer) {
        return switch (this) {
            case F16 -> half(buffer.getShort());
            case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
            case F32 -> buffer.getFloat();
            case F64 -> buffer.getDouble();
            default -> throw new IllegalStateException(this + " is not real");
        };
    }

    long whole(ByteBuffer buffer) {
        return switch (this) {
            case I32 -> buffer.getInt();
            case I64 -> buffer.getLong();
            default -> throw new IllegalStateException(this + " is not whole");
        };
    }

    /** An IEEE 754 half: 1 sign bit, 5 exponent bits, 10 bits of fraction. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int exponent32 = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | exponent32 << 23 | fraction << 13);
    }
}
