package io.lynx.cli;

import java.nio.file.Path;
import java.util.List;

/**
 * A project to write.
 *
 * @param name the name of the artifact and of the service
 * @param group the Maven group
 * @param packageName the Java package
 * @param folder where it goes
 * @param plugins the plugins that it uses beside its own
 */
record NewProject(String name, String group, String packageName, Path folder, List<String> plugins) {}
