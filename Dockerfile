# Skyroll as an image. It takes the programs that the launcher has built: run `./skyroll --version` first.
FROM eclipse-temurin:17-jre
COPY app/target/lib /opt/skyroll/lib
COPY app/target/skyroll.jar /opt/skyroll/
# The log file, stream state and spilled rows of a container; all of it can be made again from the topics.
RUN mkdir -p /var/lib/skyroll
ENTRYPOINT ["sh", "-c", "exec java -XX:+UseParallelGC ${SKYROLL_OPTS:-} -cp '/opt/skyroll/skyroll.jar:/opt/skyroll/lib/*' io.skyroll.app.Main \"$@\"", "skyroll"]
