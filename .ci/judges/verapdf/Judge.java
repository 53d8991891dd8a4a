import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.validators.ValidatorConfigBuilder;
import org.verapdf.processor.reports.enums.JobEndStatus;

/**
 * Judges PDF files by veraPDF's profiles and prints a line of JSON for each file and profile.
 *
 * <pre>
 * mvn -q -B -f .ci/judges/verapdf/pom.xml dependency:copy-dependencies
 * javac -cp 'build/verapdf/lib/*' -d build/verapdf/classes .ci/judges/verapdf/Judge.java
 * java -cp 'build/verapdf/classes:build/verapdf/lib/*' Judge [--profile ua1] [--profile 3a] FILE...
 * </pre>
 *
 * Exit code 0: every file was judged, compliant or not. 1: some file could not be judged; its line has
 * an `error`. 2: called wrongly, nothing was judged.
 */
public final class Judge {
    private static final int CONTEXTS = 3;

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err); // whatever a library prints must not come between the lines
        Logger.getLogger("org.verapdf").setLevel(Level.SEVERE);

        List<PDFAFlavour> profiles = new ArrayList<>();
        List<File> files = new ArrayList<>();
        for (int place = 0; place < arguments.length; place++) {
            if (!arguments[place].equals("--profile")) {
                File file = new File(arguments[place]);
                if (!file.isFile()) {
                    fail("no file `" + file + "`");
                }
                files.add(file);
                continue;
            }
            String name = ++place < arguments.length ? arguments[place] : "";
            PDFAFlavour profile = PDFAFlavour.byFlavourId(name);
            if (profile == PDFAFlavour.NO_FLAVOUR) {
                fail("no profile `" + name + "`; there are " + PDFAFlavour.getFlavourIds());
            }
            profiles.add(profile);
        }
        if (files.isEmpty()) {
            fail("usage: Judge [--profile ua1] [--profile 3a] FILE...");
        }
        if (profiles.isEmpty()) {
            profiles = List.of(PDFAFlavour.PDFUA_1, PDFAFlavour.PDFA_3_A);
        }

        VeraGreenfieldFoundryProvider.initialise();
        ObjectMapper json = new ObjectMapper();
        boolean ran = true;
        for (File file : files) {
            for (PDFAFlavour profile : profiles) {
                Map<String, Object> line = judge(file, profile);
                out.println(json.writeValueAsString(line));
                ran &= !line.containsKey("error");
            }
        }
        System.exit(ran ? 0 : 1);
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(2);
    }

    private static Map<String, Object> judge(File file, PDFAFlavour profile) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", file.getPath());
        line.put("profile", profile.getId());
        line.put("compliant", false);
        ValidatorConfigBuilder config = ValidatorConfigBuilder.defaultBuilder()
                .flavour(profile)
                .maxFails(-1)
                .maxNumberOfDisplayedFailedChecks(CONTEXTS)
                .showErrorMessages(true);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, profile);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(config.build(), profile)) {
            ValidationResult result = validator.validate(parser);
            if (result.getJobEndStatus() != JobEndStatus.NORMAL || result.getTotalAssertions() == 0) {
                line.put("error", "ended early: " + result.getJobEndStatus());
                return line;
            }
            line.put("compliant", result.isCompliant());
            line.put("checks", result.getTotalAssertions());
            line.put("failed_checks", result.getFailedChecks().values().stream().mapToInt(Integer::intValue).sum());
            line.put("failed_rules", failedRules(result));
        } catch (Exception | StackOverflowError | OutOfMemoryError fault) {
            Throwable cause = fault;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            line.put("error", cause.toString());
        }
        return line;
    }

    private static List<Map<String, Object>> failedRules(ValidationResult result) {
        List<Map<String, Object>> rules = new ArrayList<>();
        result.getFailedChecks().forEach((id, count) -> {
            Map<String, Object> rule = new LinkedHashMap<>();
            rule.put("clause", id.getClause());
            rule.put("test", id.getTestNumber());
            rule.put("failed_checks", count);
            rule.put("description", result.getValidationProfile().getRuleByRuleId(id).getDescription());
            rule.put("contexts", contexts(result, id));
            rules.add(rule);
        });
        rules.sort((a, b) -> (a.get("clause") + " " + a.get("test")).compareTo(b.get("clause") + " " + b.get("test")));
        return rules;
    }

    private static List<Map<String, Object>> contexts(ValidationResult result, RuleId id) {
        List<Map<String, Object>> contexts = new ArrayList<>();
        for (TestAssertion check : result.getTestAssertions()) {
            if (check.getRuleId().equals(id)
                    && check.getStatus() == TestAssertion.Status.FAILED
                    && contexts.size() < CONTEXTS) {
                Map<String, Object> context = new LinkedHashMap<>();
                context.put("object", check.getLocation().getContext());
                context.put("message", check.getErrorMessage());
                contexts.add(context);
            }
        }
        return contexts;
    }
}
