package io.lynx.recovery;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Makes exceptions of the class {@code io.grpc.StatusRuntimeException}, which is not on the class path of core. */
final class GrpcExceptions {
    private static final String NAME = "io.grpc.StatusRuntimeException";

    private GrpcExceptions() {}

    static RuntimeException create(String message) {
        try {
            return (RuntimeException)
                    new Definer().define().getConstructor(String.class).newInstance(message);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static final class Definer extends ClassLoader {
        Class<?> define() {
            ClassDesc parent = ClassDesc.of("java.lang.RuntimeException");
            MethodTypeDesc constructor = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
            byte[] bytes = ClassFile.of().build(ClassDesc.of(NAME), type -> type.withFlags(ClassFile.ACC_PUBLIC)
                    .withSuperclass(parent)
                    .withMethodBody("<init>", constructor, ClassFile.ACC_PUBLIC, code -> code.aload(0)
                            .aload(1)
                            .invokespecial(parent, "<init>", constructor)
                            .return_()));
            return defineClass(NAME, bytes, 0, bytes.length);
        }
    }
}
