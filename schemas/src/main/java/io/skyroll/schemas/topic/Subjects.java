package io.skyroll.schemas.topic;

/** Names of a topic's subjects in the schema registry. */
public final class Subjects {

    private Subjects() {}

    /** The subject of the topic's record keys. */
    public static String key(String topic) {
        return topic + "-key";
    }

    /** The subject of single rows. */
    public static String value(String topic) {
        return topic + "-value";
    }

    /** The subject of arrays of rows. */
    public static String batch(String topic) {
        return topic + "-batch";
    }

    /** The subject of what a progress topic says of changes. */
    public static String changes(String topic) {
        return topic + "-changes";
    }

    /** The subject of control records. */
    public static String control(String topic) {
        return topic + "-control";
    }
}
