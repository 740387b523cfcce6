package io.lynx.image;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the modules of the JDK that class files refer to. The program {@code jdeps} cannot: jars that are modules and jars that are
 * not, mixed on one class path, are an error to it.
 */
final class ModuleScan {
    private static final Pattern TYPE = Pattern.compile("L([\\w$/]+)/[\\w$]+;");

    private final Map<String, String> modulesByPackage = new HashMap<>();
    private final Set<String> found = new TreeSet<>();

    private ModuleScan() {
        for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
            String name = module.descriptor().name();
            module.descriptor().packages().forEach(content -> modulesByPackage.put(content.replace('.', '/'), name));
        }
    }

    /** Returns the names of the modules that the classes in these jars refer to. */
    static Set<String> of(Iterable<Path> jars) throws IOException {
        ModuleScan scan = new ModuleScan();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                scan.add(file);
            }
        }
        return scan.found;
    }

    private void add(JarFile jar) throws IOException {
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            // What a module requires is known from its classes.
            if (entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class")) {
                try (InputStream in = jar.getInputStream(entry)) {
                    add(in.readAllBytes());
                }
            }
        }
    }

    private void add(byte[] classFile) {
        for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
            if (entry instanceof ClassEntry type) {
                addType(type.asInternalName());
            } else if (entry instanceof Utf8Entry text && text.stringValue().indexOf(';') > 0) {
                Matcher types = TYPE.matcher(text.stringValue());
                while (types.find()) {
                    addPackage(types.group(1));
                }
            }
        }
    }

    private void addType(String internalName) {
        int slash = internalName.lastIndexOf('/');
        // Of an array, the constant is a descriptor, which is read as a text.
        if (slash > 0 && internalName.charAt(0) != '[') {
            addPackage(internalName.substring(0, slash));
        }
    }

    private void addPackage(String name) {
        String module = modulesByPackage.get(name);
        if (module != null) {
            found.add(module);
        }
    }
}
