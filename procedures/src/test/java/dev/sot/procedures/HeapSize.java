package dev.sot.procedures;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an object keeps of the heap, by following its references: 12 bytes of header, references of
 * 4, objects in multiples of 8, as in heaps below 32 GB. Nodes of the database count as 32, for
 * they belong to its transaction.
 */
final class HeapSize {

    private HeapSize() {}

    static long of(Object root) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(root);
        seen.add(root);
        long bytes = 0;
        while (!open.isEmpty()) {
            Object object = open.remove();
            Class<?> type = object.getClass();
            if (type.isArray()) {
                int length = Array.getLength(object);
                bytes += rounded(16 + (long) length * width(type.getComponentType()));
                for (int i = 0; i < length && !type.getComponentType().isPrimitive(); i++) {
                    follow(Array.get(object, i), seen, open);
                }
            } else if (object instanceof Collection<?> collection) {
                bytes += rounded(24 + 16 + 4L * collection.size());
                collection.forEach(item -> follow(item, seen, open));
            } else if (object instanceof Optional<?> optional) {
                bytes += 16;
                optional.ifPresent(item -> follow(item, seen, open));
            } else if (type.getName().startsWith("org.neo4j") || type.isEnum()) {
                bytes += 32;
            } else {
                bytes += fields(object, seen, open);
            }
        }
        return bytes;
    }

    private static long fields(Object object, Set<Object> seen, Deque<Object> open)
            throws IllegalAccessException {
        long bytes = 12;
        for (Class<?> c = object.getClass(); c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                bytes += width(field.getType());
                if (!field.getType().isPrimitive()) {
                    try {
                        field.setAccessible(true);
                    } catch (InaccessibleObjectException e) {
                        throw new AssertionError("cannot follow " + field, e);
                    }
                    follow(field.get(object), seen, open);
                }
            }
        }
        return rounded(bytes);
    }

    private static void follow(Object object, Set<Object> seen, Deque<Object> open) {
        if (object != null && seen.add(object)) {
            open.add(object);
        }
    }

    private static long width(Class<?> type) {
        return Map.<Class<?>, Integer>of(
                        byte.class,
                        1,
                        boolean.class,
                        1,
                        char.class,
                        2,
                        short.class,
                        2,
                        int.class,
                        4,
                        float.class,
                        4,
                        long.class,
                        8,
                        double.class,
                        8)
                .getOrDefault(type, 4);
    }

    private static long rounded(long bytes) {
        return (bytes + 7) / 8 * 8;
    }
}
