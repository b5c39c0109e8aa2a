package io.skyroll.streams.filter;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A predicate's text, with the parser's positions (lines and columns from 1) turned into places in it. */
final class Source {
    private final String text;
    private final List<Integer> lineStarts = new ArrayList<>();

    Source(String text) {
        this.text = text;
        lineStarts.add(0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean crLf = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !crLf)) {
                lineStarts.add(i + 1);
            }
        }
    }

    String text() {
        return text;
    }

    /** The text that a node was made of, its own parentheses included. */
    String slice(SqlParserPos position) {
        return text.substring(start(position), end(position));
    }

    /** The text from a position on. */
    String from(SqlParserPos position) {
        return text.substring(start(position));
    }

    /** Whether a node stands in parentheses of its own. */
    boolean isParenthesised(SqlParserPos position) {
        String slice = slice(position);
        return slice.startsWith("(") && closing(slice) == slice.length() - 1;
    }

    private int start(SqlParserPos position) {
        return place(position.getLineNum(), position.getColumnNum() - 1);
    }

    private int end(SqlParserPos position) {
        return place(position.getEndLineNum(), position.getEndColumnNum());
    }

    private int place(int line, int column) {
        int start = line >= 1 && line <= lineStarts.size() ? lineStarts.get(line - 1) : 0;
        return Math.min(start + column, text.length());
    }

    /** Where the parenthesis that opens the text is closed; -1 if nowhere. */
    private static int closing(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || c == '"') {
                // A doubled quote closes and opens again, which comes to the same.
                i = skipTo(text, String.valueOf(c), i + 1);
            } else if (text.startsWith("--", i)) {
                i = skipTo(text, String.valueOf('\n'), i);
            } else if (text.startsWith("/*", i)) {
                i = skipTo(text, "*/", i + 2);
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** The place of the last character of what ends a stretch. */
    private static int skipTo(String text, String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length() - 1;
    }
}
