package io.forebay.examples.cli;

import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on standard error and an exit code. */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

    static final int FAILED = 1;
    static final int USAGE = 2;

    /** Wrong usage: what is wrong, what was probably meant, where to read on. */
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("forebay: " + firstLine(e));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return USAGE;
    }

    /** A verb failed. */
    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof CancellationException) {
            return FAILED; // the user has ended the program during its start-up, and knows
        }
        PrintWriter err = command.getErr();
        boolean verbose = LogOutput.showsEverything();
        if (e instanceof UserError) {
            err.println("forebay: " + e.getMessage());
            if (verbose && e.getCause() != null) {
                e.printStackTrace(err);
            }
        } else {
            err.println("forebay: unexpected error: " + firstLine(e)
                    + (verbose ? "" : " (run it again with --verbose for the stack trace)"));
            if (verbose) {
                e.printStackTrace(err);
            }
        }
        err.flush();
        return FAILED;
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            return e.getClass().getSimpleName();
        }
        String line = message.lines().findFirst().orElse(message);
        return e instanceof ParameterException ? line : e.getClass().getSimpleName() + ": " + line;
    }
}
