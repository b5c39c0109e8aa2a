package io.skyroll.streams.filter;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * LIKE and ILIKE on UTF-8 bytes: {@code %} stands for any characters, {@code _} for one, a backslash takes the next as it is.
 * ILIKE compares lower-cased characters, as PostgreSQL does in a database with a Unicode locale.
 */
final class Like {
    private static final int MATCH = 1;
    private static final int MISMATCH = 0;

    /** The text ended before the pattern: no longer stretch for an earlier % can help. */
    private static final int EXHAUSTED = -1;

    private final byte[] text;
    private final int textEnd;
    private final byte[] pattern;
    private final int patternEnd;

    private Like(byte[] text, int textEnd, byte[] pattern, int patternEnd) {
        this.text = text;
        this.textEnd = textEnd;
        this.pattern = pattern;
        this.patternEnd = patternEnd;
    }

    /**
     * Matches text with a pattern.
     *
     * @param escape what stands for the backslash; null if the predicate does not say
     */
    static Expression like(Expression left, Expression right, @Nullable Expression escape, boolean ignoresCase) {
        if (!isText(left) || !isText(right) || (escape != null && !isText(escape))) {
            throw new FilterError("operator does not exist: %s %s %s"
                    .formatted(
                            left.type().sqlName(),
                            ignoresCase ? "~~*" : "~~",
                            right.type().sqlName()));
        }
        Expression subject = Casts.implicit(left, Type.TEXT);
        Expression pattern = Casts.implicit(right, Type.TEXT);
        if (escape != null) {
            if (!pattern.isConstant() || pattern.hasFailed() || !escape.isConstant() || escape.hasFailed()) {
                throw new FilterError("ESCAPE is supported for constant patterns only");
            }
            pattern = escaped(pattern, Casts.implicit(escape, Type.TEXT));
        }
        if (ignoresCase) {
            subject = lower(subject);
            pattern = lower(pattern);
        }
        Code.Text a = subject.text();
        Code.Text b = pattern.text();
        Code.Truth code = frame -> {
            long slice = a.of(frame);
            boolean isNull = frame.isNull;
            byte[] bytes = frame.text;
            long wanted = b.of(frame);
            return isNull || frame.isNull ? Code.UNKNOWN : Code.truth(matches(bytes, slice, frame.text, wanted));
        };
        return Expression.strict(Type.BOOLEAN, code, subject, pattern);
    }

    private static boolean isText(Expression operand) {
        return operand.type() == Type.TEXT || operand.type() == Type.UNKNOWN;
    }

    private static boolean matches(byte[] text, long slice, byte[] pattern, long wanted) {
        int start = Code.Text.start(slice);
        int from = Code.Text.start(wanted);
        Like like = new Like(text, start + Code.Text.length(slice), pattern, from + Code.Text.length(wanted));
        return like.match(start, from) == MATCH;
    }

    private int match(int textStart, int patternStart) {
        int t = textStart;
        int p = patternStart;
        while (t < textEnd && p < patternEnd) {
            if (pattern[p] == '%') {
                return matchAny(t, p + 1);
            }
            if (pattern[p] == '_') {
                t = next(t);
            } else {
                p = pattern[p] == '\\' ? escapedAt(p) : p;
                if (text[t] != pattern[p]) {
                    return MISMATCH;
                }
                t++;
            }
            p++;
        }
        if (t < textEnd) {
            return MISMATCH;
        }
        while (p < patternEnd && pattern[p] == '%') {
            p++;
        }
        return p == patternEnd ? MATCH : EXHAUSTED;
    }

    /** Goes on behind a percent sign: the rest of the pattern may match at any later character. */
    private int matchAny(int textStart, int patternStart) {
        int t = textStart;
        int p = patternStart;
        for (; p < patternEnd && (pattern[p] == '%' || pattern[p] == '_'); p++) {
            if (pattern[p] == '_') {
                if (t >= textEnd) {
                    return EXHAUSTED;
                }
                t = next(t);
            }
        }
        if (p == patternEnd) {
            return MATCH;
        }
        byte first = pattern[pattern[p] == '\\' ? escapedAt(p) : p];
        for (; t < textEnd; t = next(t)) {
            if (text[t] == first) {
                int result = match(t, p);
                if (result != MISMATCH) {
                    return result;
                }
            }
        }
        return EXHAUSTED;
    }

    /** The place of the character that a backslash takes as it is. */
    private int escapedAt(int p) {
        if (p + 1 >= patternEnd) {
            throw new FilterError("LIKE pattern must not end with escape character");
        }
        return p + 1;
    }

    /** The start of the next character: continuation bytes are 10xxxxxx. */
    private int next(int t) {
        int p = t + 1;
        while (p < textEnd && (text[p] & 0xC0) == 0x80) {
            p++;
        }
        return p;
    }

    /** Rewrites a pattern to one with the backslash as its escape character. */
    private static Expression escaped(Expression pattern, Expression escape) {
        String from = string(pattern);
        String by = string(escape);
        if (from == null || by == null) {
            return Literal.nullOf(Type.TEXT);
        }
        if (by.codePointCount(0, by.length()) > 1) {
            throw new FilterError("invalid escape string: it must be empty or one character");
        }
        if (by.equals("\\")) {
            return pattern;
        }
        int escapeCharacter = by.isEmpty() ? -1 : by.codePointAt(0);
        StringBuilder to = new StringBuilder();
        boolean isEscaped = false;
        for (int c : from.codePoints().toArray()) {
            if (c == escapeCharacter && !isEscaped) {
                to.append('\\');
                isEscaped = true;
            } else {
                if (c == '\\' && !isEscaped) {
                    to.append('\\');
                }
                to.appendCodePoint(c);
                isEscaped = false;
            }
        }
        return Literal.text(to.toString());
    }

    private static @Nullable String string(Expression constant) {
        Frame frame = new Frame();
        long slice = constant.text().of(frame);
        return frame.isNull
                ? null
                : new String(frame.text, Code.Text.start(slice), Code.Text.length(slice), StandardCharsets.UTF_8);
    }

    private static Expression lower(Expression text) {
        Code.Text code = text.text();
        Code.Text lower = frame -> {
            long slice = code.of(frame);
            if (frame.isNull) {
                return slice;
            }
            String string =
                    new String(frame.text, Code.Text.start(slice), Code.Text.length(slice), StandardCharsets.UTF_8);
            frame.text = string.codePoints()
                    .map(Character::toLowerCase)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            return Code.Text.slice(0, frame.text.length);
        };
        return Expression.strict(Type.TEXT, lower, text);
    }
}
