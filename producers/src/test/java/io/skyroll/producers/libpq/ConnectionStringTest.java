package io.skyroll.producers.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PQconninfoParse of libpq 15.18 answers to the same strings. */
class ConnectionStringTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host=a port=1 | host=a;port=1",
                "host = a  port= 2 | host=a;port=2",
                "password='a b\\'c\\\\d' | password=a b'c\\d",
                "password=a\\ b | password=a b",
                "dbname=a=b | dbname=a=b",
                "host='' | host=",
                "host=\\ | host=",
                "host=a host=b | host=b",
                "host=a,b port=1,2 | host=a,b;port=1,2",
                "` ` | ``",
                "postgresql:// | ``",
                "postgres://h | host=h",
                "postgresql://u:p@h:1/d?sslmode=require | dbname=d;host=h;password=p;port=1;sslmode=require;user=u",
                "postgresql://u@/d | dbname=d;user=u",
                "postgresql://:p@h/d | dbname=d;host=h;password=p",
                "postgresql://u:@h/ | host=h;user=u",
                "postgresql://a:b:c@h/ | host=h;password=b:c;user=a",
                "postgresql://u:a@b@h/d | dbname=d;host=b@h;password=a;user=u",
                "postgresql://h1:1,h2:2/d | dbname=d;host=h1,h2;port=1,2",
                "postgresql://h1,h2:2/d | dbname=d;host=h1,h2;port=,2",
                "postgresql://,/d | dbname=d;host=,;port=,",
                "postgresql://[::1]:5/d | dbname=d;host=::1;port=5",
                "postgresql://[::1]/d | dbname=d;host=::1",
                "postgresql://%2Ftmp/d | dbname=d;host=/tmp",
                "postgresql:///d?host=/tmp&port=7 | dbname=d;host=/tmp;port=7",
                "postgresql://h/d?ssl=true | dbname=d;host=h;sslmode=require",
                "postgresql://h/d? | dbname=d;host=h",
                "postgresql://h/d?host=a& | dbname=d;host=a",
                "postgresql://h?dbname=x | dbname=x;host=h",
                "postgresql://h/d?dbname=q | dbname=q;host=h",
                "postgresql://h/d?dbname= | dbname=;host=h",
                "postgresql://h/d/e | dbname=d/e;host=h",
                "postgresql://h:/d | dbname=d;host=h",
                "postgresql://h#f/d | dbname=d;host=h#f",
                "postgresql://u:p%40%3A%2F@h | host=h;password=p@:/;user=u",
                "postgresql://h/d?application_name=a%20b+c | application_name=a b+c;dbname=d;host=h",
                "postgresql://h/d?user=%C3%A9 | dbname=d;host=h;user=é",
                "postgresql://h/d?service=x&h%6Fst=z | dbname=d;host=z;service=x",
            })
    void setsWhatLibpqSets(String text, String expected) {
        String parsed = ConnectionString.parse(text).entrySet().stream()
                .map(entry -> entry.getKey().text() + "=" + entry.getValue())
                .sorted()
                .collect(Collectors.joining(";"));

        assertThat(parsed).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host | missing \"=\" after \"host\" in connection info string",
                "host a | missing \"=\" after \"host\" in connection info string",
                "host='a'b dbname=c | missing \"=\" after \"b\" in connection info string",
                "host='x | unterminated quoted string in connection info string",
                "host='x\\ | unterminated quoted string in connection info string",
                "zzzzzz=a | invalid connection option \"zzzzzz\"",
                "HOST=a | invalid connection option \"HOST\": did you mean \"host\"?",
                "hots=a | invalid connection option \"hots\": did you mean \"host\"?",
                "POSTGRESQL://h | missing \"=\" after \"POSTGRESQL://h\" in connection info string",
                "postgresql://[::1 | end of string reached when looking for matching \"]\" in IPv6 host address in URI:"
                        + " \"postgresql://[::1\"",
                "postgresql://[]/d | IPv6 host address may not be empty in URI: \"postgresql://[]/d\"",
                "postgresql://[::1]x/d | unexpected character \"x\" at position 19 in URI (expected \":\" or \"/\"):"
                        + " \"postgresql://[::1]x/d\"",
                "postgresql://h/d?ssl=false | invalid URI query parameter: \"ssl\"",
                "postgresql://h/d?zzzzzz=b | invalid URI query parameter: \"zzzzzz\"",
                "postgresql://h/d?host | missing key/value separator \"=\" in URI query parameter: \"host\"",
                "postgresql://h/d?&host=a | missing key/value separator \"=\" in URI query parameter: \"\"",
                "postgresql://h/d?host=a=b | extra key/value separator \"=\" in URI query parameter: \"host\"",
                "postgresql://h/a%zz | invalid percent-encoded token: \"a%zz\"",
                "postgresql://h/d?user=x% | invalid percent-encoded token: \"x%\"",
                "postgresql://h/a%00 | forbidden value %00 in percent-encoded value: \"a%00\"",
            })
    void refusesWhatLibpqRefusesInItsWords(String text, String message) {
        assertThatThrownBy(() -> ConnectionString.parse(text))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(message)
                .extracting(failure -> ((SkyrollException) failure).kind())
                .isEqualTo(FailureKind.CONFIGURATION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "password=ab secret",
                "password=ab secret=x",
                "password=ab secret = x",
                "password='secret",
                "sslpassword=ab secret",
                "postgresql://u:secret%zz@h/d",
                "postgresql://u:secret/x@h/d",
                "postgresql://u:secret@[::1/d",
                "postgresql://[]/d?user=a&password=secret",
                "postgresql://u@h/d?password=secret%",
                "postgresql://u@h/d?sslpassword=secret%00",
                "jdbc:postgresql://h/d?password=secret",
            })
    void messagesShowNoPassword(String text) {
        assertThatThrownBy(() -> ConnectionString.parse(text))
                .isInstanceOf(SkyrollException.class)
                .message()
                .doesNotContain("secret");
    }
}
