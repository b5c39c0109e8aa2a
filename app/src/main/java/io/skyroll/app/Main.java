package io.skyroll.app;

import io.skyroll.app.build.Build;
import io.skyroll.app.command.CheckCommand;
import io.skyroll.app.command.DemoCommand;
import io.skyroll.app.command.InspectCommand;
import io.skyroll.app.command.PauseCommand;
import io.skyroll.app.command.PlanCommand;
import io.skyroll.app.command.PlotCommand;
import io.skyroll.app.command.ProduceCommand;
import io.skyroll.app.command.ReplayCommand;
import io.skyroll.app.command.ResumeCommand;
import io.skyroll.app.command.RollbackCommand;
import io.skyroll.app.command.RunCommand;
import io.skyroll.app.command.SinkCommand;
import io.skyroll.app.command.StatusCommand;
import io.skyroll.app.command.StreamCommand;
import io.skyroll.app.command.VerifyCommand;
import io.skyroll.app.run.Failures;
import io.skyroll.schemas.failure.SkyrollException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line's entry. */
@Command(
        name = "skyroll",
        description = "Keeps Parquet exports of databases continuously true.",
        subcommands = {
            DemoCommand.class,
            CheckCommand.class,
            PlanCommand.class,
            StatusCommand.class,
            RunCommand.class,
            ProduceCommand.class,
            StreamCommand.class,
            SinkCommand.class,
            ReplayCommand.class,
            RollbackCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            VerifyCommand.class,
            InspectCommand.class,
            PlotCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a defect, or damaged data: nothing more was committed",
            "2:the command line or the pipeline file is wrong",
            "65:a record could not be handled, and nothing says what to do with it",
            "75:a server did not answer: try again later",
            "130:interrupted"
        })
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final int INTERRUPTED = 130;

    private static volatile boolean stopping;

    private Main() {}

    public static void main(String[] args) {
        Thread worker = Thread.currentThread();
        Thread hook = new Thread(() -> stop(worker), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = 1;
        try {
            code = run(args);
        } catch (Error failure) {
            // Other threads would keep the process alive, doing nothing.
            log.atError().setCause(failure).log("the process ends");
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // The signal came first: the process ends with the signal's exit code.
            return;
        }
        System.exit(code);
    }

    /** Runs a command and returns its exit code; never ends the process. */
    public static int run(String... args) {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> report(failure, commandLine))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
    }

    private static int report(Exception failure, CommandLine commandLine) {
        // A terminal is spared the stack trace; the log file has it.
        log.atInfo().setCause(failure).log("command failed");
        // Whatever breaks while the process is told to stop breaks for that reason.
        if (failure instanceof CancellationException || stopping || Thread.interrupted()) {
            commandLine.getErr().println("skyroll: interrupted; nothing is lost, the next run says how it goes on");
            return INTERRUPTED;
        }
        SkyrollException told =
                failure instanceof SkyrollException known ? known : Failures.of("the command failed", failure);
        commandLine.getErr().println("skyroll: " + told.getMessage());
        switch (told.kind()) {
            case CONFIGURATION, UNAVAILABLE, BAD_RECORD -> {}
            case DEFECT -> told.printStackTrace(commandLine.getErr());
        }
        return told.kind().exitCode();
    }

    private static void stop(Thread worker) {
        stopping = true;
        worker.interrupt();
        try {
            worker.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells the version that was built. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"skyroll " + Build.version()};
        }
    }
}
