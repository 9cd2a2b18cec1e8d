import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  inputSets
} from "./chunk-EF5IBACH.js";
import {
  provenanceType,
  statementOf
} from "./chunk-PHQGYXSX.js";
import {
  withoutUserParts
} from "./chunk-7SZXV43M.js";
import {
  packageRoot,
  packageVersion
} from "./chunk-IQA7OYSC.js";
import {
  mediaTypes
} from "./chunk-GEL24WUJ.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import {
  seconds
} from "./chunk-JBYZ7QPS.js";
import {
  readTar
} from "./chunk-C36BAQN3.js";
import {
  refuse
} from "./chunk-KU2VIPS7.js";
import {
  sha256OfBytes,
  sha256OfStream
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/evidence/smoke.ts
var atOnce = 2;
var quoted = (word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
function commandOf({ run, entrypoint = [], env }) {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  const words = [...entrypoint, ...run].map(quoted);
  return [...variables, ...words.length === 0 ? ["(the image's own command)"] : words].join(" ");
}
var excerptLength = 600;
function excerpt(output) {
  if (output === "") return "(nothing)";
  if (output.length <= excerptLength) return output.trimEnd();
  return `${output.slice(0, excerptLength)}\u2026 (${output.length} characters)`;
}
var missing = (name, expected, found) => expected === void 0 || found.includes(expected) ? [] : [`${name} does not contain ${JSON.stringify(expected)}`];
function problemOf(test, result) {
  const problems = result.timedOut ? [`took longer than ${test.timeout} and was stopped`] : [
    ...result.exitCode === test.exit ? [] : [`exit code expected ${test.exit}, found ${result.exitCode}`],
    ...missing("standard output", test.stdout, result.stdout),
    ...missing("standard error", test.stderr, result.stderr)
  ];
  if (problems.length === 0) return void 0;
  return [
    ...problems,
    `stdout: ${excerpt(result.stdout)}`,
    `stderr: ${excerpt(result.stderr)}`
  ].join("\n");
}
async function runTest(test, image, engine, io) {
  const options = {
    ...test.run.length > 0 && { args: test.run },
    ...test.entrypoint && { entrypoint: test.entrypoint },
    ...test.stdin !== void 0 && { stdin: test.stdin },
    env: test.env,
    timeoutSeconds: seconds(test.timeout),
    stdio: "capture",
    network: "none"
  };
  const command = commandOf(test);
  const problem = problemOf(test, await engine.runImage(image, options, io));
  return problem === void 0 ? { command, passed: true } : { command, passed: false, problem };
}
async function smokeTest(tests, image, engine, io) {
  const outcomes = [];
  const waiting = tests.entries();
  const worker = async () => {
    for (const [at, test] of waiting) outcomes[at] = await runTest(test, image, engine, io);
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return outcomes;
}
function requirePassed(outcomes) {
  const failed = outcomes.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const list = failed.map(
    ({ command, problem = "" }) => `${command}
${problem}`.replaceAll("\n", "\n    ")
  );
  throw new MkbaseError({
    code: "TEST_FAILED",
    message: `${failed.length} of ${outcomes.length} tests of the image failed; nothing was tagged.
  ${list.join("\n  ")}`,
    hint: "Correct the program or the recipe's test, or see the image as it is with --no-test."
  });
}

// src/evidence/provenance/trust-chain.ts
var plain = (text) => text.replace(/[^A-Za-z0-9._+-]+/g, "-");
var distinct = (name, sha256, taken) => taken.has(name) ? `${sha256.slice(0, 8)}-${name}` : name;
function vouchedBy({ sha256, signs }, inputs) {
  if (signs !== void 0) return [signs];
  const names = inputs.flatMap(
    ({ name, trust }) => trust.by === "index" && trust.sha256 === sha256 ? [name] : []
  );
  return [...new Set(names)].sort();
}
function linksOf(sets) {
  const inputs = sets.flatMap((set) => set.inputs);
  const links = /* @__PURE__ */ new Map();
  const names = /* @__PURE__ */ new Set();
  for (const index of sets.flatMap((set) => set.indexes)) {
    const { sha256, url, signedBy } = index;
    if (links.has(sha256)) continue;
    const file = distinct(plain(index.file), sha256, names);
    names.add(file);
    links.set(sha256, { file, sha256, url, signedBy, vouchesFor: vouchedBy(index, inputs) });
  }
  return [...links.values()];
}
var unsignedOf = (sets) => sets.flatMap((set) => set.inputs).flatMap(
  ({ name, sha256, trust: { by } }) => by === "recipe" || by === "unsigned-archive" ? [{ name, sha256, by }] : []
);
function trustChain(lock) {
  const sets = inputSets(lock);
  return { trustVersion: 1, links: linksOf(sets), unsigned: unsignedOf(sets) };
}
var trustFiles = ({ links }) => links.map(({ file, sha256 }) => ({ name: file, sha256 }));

// src/evidence/provenance/dependencies.ts
import { basename, relative } from "node:path";
var signedDependency = ({
  role,
  name,
  url,
  sha256,
  signedBy,
  signature
}) => ({
  name,
  uri: url,
  digest: { sha256 },
  annotations: {
    role,
    trust: { by: role === "signature" ? "key" : "signature", signedBy },
    ...signature !== void 0 && { signature }
  }
});
function inputDependency(input, role) {
  const { name, uri, url, sha256, sha512, trust, source } = input;
  return {
    name,
    uri,
    digest: { sha256, ...sha512 !== void 0 && { sha512 } },
    ...uri !== url && { downloadLocation: url },
    annotations: {
      role,
      trust,
      ...source && { source: source.name },
      ...source?.version !== void 0 && { sourceVersion: source.version }
    }
  };
}
var dependenciesOf = (lock) => inputSets(lock).flatMap(({ of, inputs, indexes }) => [
  ...indexes.map(signedDependency),
  ...inputs.map((input) => inputDependency(input, of === "image" ? input.role : "toolchain"))
]);
var uriOf = ({ file, builtIn }) => builtIn ? { uri: `pkg:npm/mkbase@${packageVersion}#${relative(packageRoot, file)}` } : {};
var trustIn = ({ builtIn }) => ({
  by: builtIn ? "mkbase" : "recipe"
});
var recipeFile = (origin) => ({
  name: basename(origin.file),
  ...uriOf(origin),
  digest: { sha256: origin.sha256 },
  annotations: { role: "recipe", trust: trustIn(origin) }
});
var localFile = ({ path, sha256, beside }) => ({
  name: path,
  ...uriOf({ ...beside, file: `${beside.folder}/${path}` }),
  digest: { sha256 },
  annotations: { role: "beside-recipe", trust: trustIn(beside) }
});
var recipeDependencies = ({ origin, ancestors }, toolchain, files) => [
  ...[origin, ...ancestors, ...toolchain ? [toolchain.origin] : []].map(recipeFile),
  ...[...files].sort((a, b) => a.path < b.path ? -1 : 1).map(localFile)
];

// src/evidence/provenance/provenance.ts
function fieldsOf({ origin, fromOrigin, ancestors, release, files, ...fields }) {
  const ownFiles = files.map(({ beside, ...file }) => file);
  return withoutUserParts({ ...fields, files: ownFiles });
}
function externalParameters(recipe, asked) {
  const { platform, allow, sourceDateEpoch, test } = asked;
  return {
    recipe: fieldsOf(recipe),
    platform,
    ...recipe.release !== void 0 && { release: recipe.release },
    ...allow.length > 0 && { allow: [...allow].sort() },
    ...sourceDateEpoch !== void 0 && { sourceDateEpoch },
    ...!test && { test }
  };
}
var buildType = "urn:mkbase:build:v1";
var builderId = "urn:mkbase:builder:local";
var sha256Of = (digest) => ({ sha256: digest.replace(/^sha256:/, "") });
function subjectsOf({ manifest, config, rootfs }, recipe) {
  return [
    { name: recipe, digest: sha256Of(manifest.digest), mediaType: manifest.mediaType },
    { name: "config.json", digest: sha256Of(config.digest), mediaType: config.mediaType },
    { name: "rootfs.tar", digest: sha256Of(rootfs.diffId), mediaType: mediaTypes.layer }
  ];
}
function testResults(tests) {
  const outcomes = tests.map(({ command, passed }) => ({ command, passed }));
  const bytes = Buffer.from(canonicalJson(outcomes));
  return {
    name: "test-results.json",
    mediaType: "application/json",
    content: bytes.toString("base64"),
    digest: { sha256: sha256OfBytes(bytes) },
    annotations: {
      passed: outcomes.filter(({ passed }) => passed).length,
      failed: outcomes.filter(({ passed }) => !passed).length
    }
  };
}
var evidenceFile = ({ name, sha256 }) => ({
  name,
  digest: { sha256 }
});
function provenanceStatement(input) {
  const { recipe, toolchain, builder, asked, lock, localFiles, image, tests, evidence } = input;
  return statementOf(subjectsOf(image, recipe.name), provenanceType, {
    buildDefinition: {
      buildType,
      externalParameters: externalParameters(recipe, asked),
      internalParameters: { epoch: lock.epoch },
      resolvedDependencies: [
        ...recipeDependencies(recipe, toolchain, localFiles),
        ...dependenciesOf(lock)
      ]
    },
    runDetails: {
      builder: {
        id: builderId,
        version: { mkbase: packageVersion },
        // The key hashes everything that the builder's rootfs is computed from, not the rootfs itself.
        ...builder && {
          builderDependencies: [{ name: builder.name, digest: { mkbaseToolchain: builder.key } }]
        }
      },
      byproducts: [testResults(tests), ...evidence.map(evidenceFile)]
    }
  });
}

// src/evidence/mtree/read-paths.ts
function fieldsOfType(entry) {
  switch (entry.type) {
    case "symlink":
      return { target: entry.target };
    case "character":
    case "block":
      return { major: entry.major, minor: entry.minor };
    default:
      return {};
  }
}
var common = ({ path, mode, uid, gid, mtime, xattrs }) => ({
  path,
  mode,
  uid,
  gid,
  mtime,
  xattrs
});
async function readPaths(tar, source) {
  const records = /* @__PURE__ */ new Map();
  const names = /* @__PURE__ */ new Map();
  async function recordOf({ entry, content, offset }) {
    if (entry.type === "hardlink") {
      const file2 = names.get(entry.target);
      if (file2 === void 0) {
        return refuse({ source, offset, name: entry.path }, "is a hard link to no file before it");
      }
      file2.links += 1;
      names.set(entry.path, file2);
      return { ...file2, ...common(entry) };
    }
    if (entry.type !== "file") {
      return { ...common(entry), type: entry.type, ...fieldsOfType(entry) };
    }
    const { type, size } = entry;
    const file = { ...common(entry), type, links: 1, size, sha256: await sha256OfStream(content) };
    names.set(entry.path, file);
    return file;
  }
  for await (const member of readTar(tar, { source })) {
    const { path } = member.entry;
    if (records.has(path)) refuse({ source, offset: member.offset, name: path }, "is there twice");
    records.set(path, await recordOf(member));
  }
  return [...records].map(([path, record]) => {
    const links = names.get(path)?.links;
    return links === void 0 ? record : { ...record, links };
  });
}

export {
  trustChain,
  trustFiles,
  dependenciesOf,
  recipeDependencies,
  externalParameters,
  buildType,
  builderId,
  subjectsOf,
  testResults,
  provenanceStatement,
  commandOf,
  smokeTest,
  requirePassed,
  readPaths
};
//# sourceMappingURL=chunk-Z2YPWQK2.js.map
