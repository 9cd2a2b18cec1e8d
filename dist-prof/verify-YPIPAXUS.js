import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  answersTo
} from "./chunk-D27S3DWB.js";
import {
  withUi
} from "./chunk-QTIFZ2VQ.js";
import "./chunk-DTLAQ5I7.js";
import "./chunk-KYNFMTBK.js";
import {
  oneLine,
  wrap
} from "./chunk-QN74KDTT.js";
import {
  columnsOf,
  paletteOf
} from "./chunk-U3K5IKVG.js";
import {
  plural
} from "./chunk-Z5B43JE3.js";
import "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import {
  invocationOf
} from "./chunk-ZCDY3XV2.js";
import "./chunk-E6FI3J5L.js";
import {
  openSigner,
  parseSign
} from "./chunk-5SVPP3RZ.js";
import "./chunk-WTD3O73R.js";
import {
  isPassed
} from "./chunk-X7KGKQE6.js";
import "./chunk-L4APHBMT.js";
import "./chunk-6VRBH5D2.js";
import "./chunk-MAPI6SQL.js";
import {
  checksThat,
  mismatchesOf,
  outcomeOf
} from "./chunk-TEUZX62I.js";
import "./chunk-2L2WQICQ.js";
import "./chunk-Z2YPWQK2.js";
import "./chunk-NWJBTXTJ.js";
import "./chunk-EF5IBACH.js";
import "./chunk-2V7AQQXO.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-AIDIET6B.js";
import "./chunk-GHOO2ML5.js";
import "./chunk-PHQGYXSX.js";
import "./chunk-LS5RIWVO.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-6OPODO3C.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-7GNR7Y6C.js";
import "./chunk-WR7GHE6V.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-HHDGQMDT.js";
import "./chunk-GEL24WUJ.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-C36BAQN3.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  exitCodes
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/verify.ts
import { setFlagsFromString } from "node:v8";

// src/verify/rebuild/settle.ts
function settledBy(rebuilt, checks) {
  const isRepeated = rebuilt.length > 0 && rebuilt.every((each) => outcomeOf(each) === "holds");
  return checks.map((check) => {
    if (!isRepeated || check.toldByRebuild !== true) return check;
    const { claimed: _, extent, ...rest } = check;
    return { ...rest, extent: extent ? `${extent}, as rebuilt` : "as rebuilt" };
  });
}

// src/commands/verify/report-json.ts
function reportJson(report, answers) {
  const count = (outcome) => report.checks.filter((check) => outcomeOf(check) === outcome).length;
  return `${JSON.stringify({
    subject: report.subject,
    ok: isPassed(report, answers),
    counts: {
      holds: count("holds"),
      mismatches: mismatchesOf(report).length,
      claimed: count("claimed"),
      notChecked: count("not checked")
    },
    required: answers.map(({ requirement, missing = null }) => ({ requirement, missing })),
    checks: report.checks.map((check) => ({
      what: check.what,
      outcome: outcomeOf(check),
      extent: check.extent ?? null,
      skipped: check.skipped ?? null,
      claimed: check.claimed ?? null,
      mismatches: check.mismatches.map(({ from = null, ...mismatch }) => ({ ...mismatch, from }))
    }))
  })}
`;
}

// src/commands/verify/report-text.ts
var width = 13;
var indent = " ".repeat(width);
var colours = {
  holds: "green",
  mismatch: "red",
  claimed: "yellow",
  "not checked": "yellow"
};
function checkLines(check, columns, palette) {
  const { what, extent, skipped, claimed } = check;
  const outcome = outcomeOf(check);
  const named = extent ? `${what} (${extent})` : what;
  const reason = skipped ?? claimed;
  const [first = "", ...more] = wrap(
    oneLine(reason === void 0 ? named : `${named}: ${reason}`),
    columns - width
  );
  const word = palette[colours[outcome]](outcome.padEnd(width));
  return [`${word}${first}`, ...more.map((line) => `${indent}${line}`)];
}
var mismatchLines = ({ file, field, claimed, computed, from }, palette) => [
  palette.bold(oneLine(field === "" ? file : `${file}: ${field}`)),
  `  ${palette.dim("claimed ")} ${oneLine(claimed)}`,
  `  ${palette.dim("computed")} ${oneLine(computed)}${from ? palette.dim(` (${oneLine(from)})`) : ""}`
];
var missingIn = (answers) => answers.flatMap(
  ({ requirement, missing }) => missing === void 0 ? [] : [{ requirement, missing }]
);
function remainder(report) {
  const parts = ["claimed", "not checked"].flatMap((outcome) => {
    const { length } = checksThat(report, outcome);
    return length > 0 ? [`${length} ${outcome}`] : [];
  });
  return parts.length > 0 ? `; ${parts.join(", ")}` : "";
}
function lastLine(report, answers, palette) {
  const subject = palette.bold(oneLine(report.subject));
  const mismatches = mismatchesOf(report);
  const rest = remainder(report);
  if (mismatches.length > 0) {
    return `${palette.red(plural(mismatches.length, "mismatch", "mismatches"))} in ${subject}${rest}.`;
  }
  const made = `${plural(checksThat(report, "holds").length, "check")}, no mismatch${rest}`;
  const missing = missingIn(answers).map(({ requirement }) => requirement);
  if (missing.length === 0) return `${palette.green("Verified")} ${subject}: ${made}.`;
  return `${palette.red("Not verified")} ${subject}: it lacks what is required: ${missing.join(", ")} (${made}).`;
}
function reportText(report, answers, columns, palette) {
  const missing = missingIn(answers).map(
    ({ requirement, missing: missing2 }) => palette.red(oneLine(`--require ${requirement}: ${missing2}`))
  );
  const lines = [
    ...report.checks.flatMap((check) => checkLines(check, columns, palette)),
    ...mismatchesOf(report).flatMap((each) => ["", ...mismatchLines(each, palette)]),
    ...missing.length > 0 ? ["", ...missing] : [],
    "",
    lastLine(report, answers, palette)
  ];
  return `${lines.join("\n")}
`;
}

// src/commands/verify.ts
var usage = (message, hint) => new MkbaseError({ code: "USAGE", message, hint });
function checkOptions({ attest: attest2, sign, rebuild }) {
  if (attest2 !== void 0 && sign === void 0) {
    throw usage(
      "--attest writes a signed summary, and nothing says how to sign it.",
      "Add --sign key=FILE, or --sign keyless."
    );
  }
  if (sign !== void 0 && attest2 === void 0 && !rebuild) {
    throw usage(
      "--sign signs a summary or the statement of a rebuild, and neither is asked for.",
      "Add --attest FILE or --rebuild; `mkbase sign` signs the evidence itself."
    );
  }
}
async function loadKeys(files = []) {
  const { loadVerificationKey } = await import("./verification-key-QD2P3ZEM.js");
  return Promise.all(files.map(loadVerificationKey));
}
async function buildAgain(evidence, options, sign, context, io) {
  const [{ planRebuild }, { rebuild, signRebuild }, { vary }] = await Promise.all([
    import("./rebuild-plan-GAAE36B3.js"),
    import("./rebuild-BDQ75Q7V.js"),
    import("./vary-6SQDJFFF.js")
  ]);
  const plan = await planRebuild(evidence, options.recipe);
  const invocation = invocationOf(context);
  const host = { invocation, program: context.program };
  const made = options.rebuild && await rebuild(plan, options, invocation, io);
  if (made && sign) await signRebuild(plan, made.statement, sign);
  const varied = options.vary ? await vary(plan, options, host, io) : [];
  return { rebuilt: made ? made.checks : [], varied };
}
async function reportOn({ word, options, keys, sign, context, io }) {
  const [{ openSubject }, { openSurroundings }, { verify: verifySubject }, { parseFreshness }] = await Promise.all([
    import("./subject-GHSDYJRU.js"),
    import("./surroundings-AUYTU54E.js"),
    import("./verify-TQ74VPSJ.js"),
    import("./freshness-7WQE3R4Q.js")
  ]);
  const { notOlderThan: said } = options;
  const { now } = invocationOf(context);
  const freshness = said === void 0 ? {} : { freshness: parseFreshness(said, now) };
  const surroundings = await openSurroundings(options, context, io);
  try {
    const subject = await openSubject(word, options, context, io);
    try {
      const request = { ...subject, ...surroundings, ...freshness, keys };
      const report = await verifySubject(request, context.signal);
      if (!options.rebuild && !options.vary) return report;
      const { rebuilt, varied } = await buildAgain(subject.evidence, options, sign, context, io);
      const checks = [...settledBy(rebuilt, report.checks), ...rebuilt, ...varied];
      return { ...report, checks };
    } finally {
      await subject.dispose();
    }
  } finally {
    await surroundings.dispose();
  }
}
async function attest({ options, keys, sign, context }, report) {
  if (options.attest === void 0 || sign === void 0) return;
  const [{ resolve }, { summaryStatement, summaryType }, { writeWholeFile }] = await Promise.all([
    import("node:path"),
    import("./summary-2RG3COMU.js"),
    import("./write-whole-file-56XDZ4U2.js")
  ]);
  const { now } = invocationOf(context);
  const statement = await summaryStatement({
    report,
    answers: answersTo(report, options.require ?? []),
    keys: keys.map(({ hint }) => hint),
    notOlderThan: options.notOlderThan,
    now
  });
  const signed = { file: "summary", bundle: "summary.sigstore.json", predicateType: summaryType };
  await writeWholeFile(resolve(context.cwd, options.attest), await sign(statement, signed));
}
async function verify(word, options, context) {
  const { stdout, env } = context;
  setFlagsFromString("--semi-space-growth-factor=1");
  const builds = options.rebuild || options.vary;
  const progress = builds ? options.progress : "none";
  return withUi({ progress, result: "none", recipe: word }, context, async (ui, io) => {
    checkOptions(options);
    const keys = await loadKeys(options.key);
    const signer = options.sign ? await openSigner(parseSign(options.sign), env, io) : void 0;
    try {
      const work = { word, options, keys, sign: signer?.sign, context, io };
      const report = await reportOn(work);
      const answers = answersTo(report, options.require ?? []);
      await attest(work, report);
      await ui.close();
      const text = () => reportText(report, answers, columnsOf(stdout), paletteOf(stdout, env));
      stdout.write(options.json ? reportJson(report, answers) : text());
      return isPassed(report, answers) ? 0 : exitCodes.MISMATCH;
    } finally {
      await signer?.dispose();
    }
  });
}
export {
  verify
};
//# sourceMappingURL=verify-YPIPAXUS.js.map
