import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  builderFor,
  fingerprintsBefore,
  inStage,
  makeBuilder
} from "./chunk-ABPX4GXP.js";
import {
  formatBytes,
  plural
} from "./chunk-Z5B43JE3.js";
import {
  askedBy,
  changedFields,
  lockInputs,
  satisfies,
  wantedByToolchain,
  wantedOf
} from "./chunk-E4W5ZIBO.js";
import {
  chooseEngine
} from "./chunk-6WVFUWIS.js";
import {
  openStore
} from "./chunk-KMI6PUJK.js";
import {
  defaultLimits
} from "./chunk-EGW7ROHF.js";
import {
  openWorkspace
} from "./chunk-Z5JDSP4X.js";
import {
  planBuild
} from "./chunk-I6MMUKOT.js";
import {
  lockText,
  readLock
} from "./chunk-DHOFLFI6.js";
import {
  inputSets
} from "./chunk-EF5IBACH.js";
import {
  kindOf,
  readSource,
  sourceOf
} from "./chunk-KN3M32LU.js";
import {
  excerpt,
  parseYaml,
  positionOf
} from "./chunk-PSUK6IL3.js";
import {
  mirrorUrl
} from "./chunk-KE4MIFPR.js";
import {
  printed
} from "./chunk-K3BCUTJR.js";
import {
  cacheFolder
} from "./chunk-IHKPDGEV.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import {
  makeFolder
} from "./chunk-67ZVI5OU.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/recipe/diagnostics/at-line.ts
var fields = ["from", "extends", "packages", "files", "accounts"];
var says = (value, word) => value === word || value.startsWith(`${word}=`) || value.endsWith(`:${word}`);
function spansOf({ value, span, fields: fields2, items = [] }, word) {
  const inner = [...[...fields2?.values() ?? []].map(({ tree }) => tree), ...items];
  const own = [value].filter((text) => typeof text === "string" && says(text, word));
  return [...own.map(() => span), ...inner.flatMap((tree) => spansOf(tree, word))];
}
async function placesIn(file, words, cwd) {
  const source = await readSource(file, cwd);
  const { tree } = parseYaml(source);
  const asked = fields.flatMap((name) => tree.fields?.get(name)?.tree ?? []);
  const spans = words.flatMap((word) => asked.flatMap((each) => spansOf(each, word)).slice(0, 1));
  return spans.map((span) => {
    const { line, column } = positionOf(source.text, span.start);
    return `${printed(source.shownAs)}:${line}:${column}
${excerpt(source.text, span)}`;
  });
}
async function atItsLine(error, { origin, ancestors }, cwd) {
  if (!(error instanceof MkbaseError) || error.about.length === 0) return error;
  const { code, message, hint, cause, about } = error;
  const own = [origin, ...ancestors].filter(({ builtIn }) => !builtIn);
  const places = [];
  for (const { file } of own) {
    places.push(...await placesIn(file, about, cwd).catch(() => []));
  }
  if (places.length === 0) return error;
  return new MkbaseError({
    code,
    message: [message, ...places].join("\n\n"),
    ...hint !== void 0 && { hint },
    cause
  });
}

// src/pipeline/inputs/current-lock.ts
import { readFile } from "node:fs/promises";
import { basename, dirname as dirname2, join as join2 } from "node:path";

// src/pipeline/inputs/resolve-lock.ts
import { access, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
var markOf = (cache, text) => join(cache, "state/locks", sha256OfBytes(text));
var foreignLock = (file) => ({
  code: "foreign-lock",
  message: `${file} was not made with this cache: its packages are pinned by their hashes, but no signed index was seen to list them.`,
  advice: "Trust whoever gave it to you, or pin anew with `mkbase update`."
});
async function checkForeign(open, lock, io) {
  const known = await access(markOf(open.store.folder, lockText(lock))).then(
    () => true,
    () => false
  );
  if (known || await isProven(open, lock, io)) return;
  io.emit({ type: "warning", stage: "lock", warning: foreignLock(open.plan.lockFile) });
}
async function isProven({ plan: { recipe, toolchain, platform }, sources }, lock, io) {
  const own = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  if (!await own.isProven(wanted, sourceOf(lock.from), sources.image, io)) return false;
  if (toolchain === void 0 || lock.toolchain === void 0) return true;
  const builders = await kindOf(toolchain.from).load();
  const locked = sourceOf(lock.toolchain.from);
  const ask = wantedByToolchain(toolchain, platforms[platform]);
  return builders.isProven(ask, locked, sources.builder, io);
}
function describePins(lock) {
  const inputs = inputSets(lock).flatMap((set) => set.inputs);
  const packages = inputs.filter(({ role }) => role === "package").length;
  const names = inputs.flatMap(
    ({ comparedAs, role, name }) => comparedAs !== void 0 && role !== "file" ? [name] : []
  );
  return [...names, ...packages > 0 ? [plural(packages, "package")] : []].join(", ");
}
async function resolveLock({ plan, store, locking }, io) {
  const lock = await inStage(
    io,
    "lock",
    "Resolving inputs from signed indexes",
    () => lockInputs(plan, locking, io),
    describePins
  );
  const mark = markOf(store.folder, lockText(lock));
  try {
    await makeFolder(dirname(mark));
    await writeFile(mark, "");
  } catch (error) {
    throw ioError(error, "remembering the lock in", dirname(mark));
  }
  return lock;
}

// src/pipeline/inputs/current-lock.ts
var commandFor = (command, { recipe }) => `\`mkbase ${command} ${recipe.origin.builtIn ? recipe.name : recipe.origin.file}\``;
function missing(plan) {
  return new MkbaseError({
    code: "LOCK_MISSING",
    message: `--frozen, but there is no lock: ${plan.lockFile}.`,
    hint: `Make it with ${commandFor("lock", plan)}.`
  });
}
function staleFields(lock, plan) {
  const changed = changedFields(lock.asked, askedBy(plan));
  return changed.length > 0 ? changed : ["the digest of an archive or file"];
}
function stale(plan, lock) {
  const fields2 = staleFields(lock, plan);
  return new MkbaseError({
    code: "LOCK_STALE",
    message: `${plan.lockFile} was made for something else than ${basename(plan.recipe.origin.file)} asks for now; changed: ${fields2.join(", ")}.`,
    hint: `Pin what is asked for now with ${commandFor("lock", plan)}, or take the change back.`
  });
}
var strangeLock = (plan, why) => ({
  code: "strange-lock",
  message: `${plan.lockFile} is not used: ${why}. Its inputs are pinned anew.`,
  advice: "Name another folder with --out to keep what is there."
});
var isOfAnother = ({ recipe }, lock) => recipe.origin.builtIn && lock.recipe !== recipe.name;
function ofAnother(plan, lock) {
  return new MkbaseError({
    code: "LOCK_STALE",
    message: `${plan.lockFile} is the lock of the recipe ${lock.recipe}, not of ${plan.recipe.name}.`,
    hint: `Name another folder with --out, or replace it with ${commandFor("lock", plan)}.`
  });
}
async function keptLock(plan, frozen, io) {
  const warn = (why) => {
    io.emit({ type: "warning", stage: "lock", warning: strangeLock(plan, why) });
    return void 0;
  };
  try {
    const lock = await readLock(plan.lockFile);
    if (lock === void 0 || !isOfAnother(plan, lock)) return lock;
    if (frozen) throw ofAnother(plan, lock);
    return warn(`it is the lock of the recipe ${lock.recipe}`);
  } catch (error) {
    const isUnread = error instanceof MkbaseError && error.code === "LOCK_INVALID";
    if (!plan.recipe.origin.builtIn || frozen || !isUnread) throw error;
    return warn(error.message.replace(`${plan.lockFile} is `, "it is ").replace(/\.$/, ""));
  }
}
async function currentLock(open, { frozen, fresh, offered }, io) {
  const { plan } = open;
  const { builtIn } = plan.recipe.origin;
  const passedOver = builtIn && (offered !== void 0 || fresh && !frozen);
  const kept = passedOver ? void 0 : await keptLock(plan, frozen, io);
  const lock = kept ?? offered;
  if (lock !== void 0 && satisfies(lock, plan)) {
    await checkForeign(open, lock, io);
    io.emit({ type: "stage-skip", stage: "lock", reason: `locked in ${plan.lockFile}` });
    return lock;
  }
  if (lock !== void 0 && (frozen || lock === offered || !builtIn)) throw stale(plan, lock);
  if (frozen) throw missing(plan);
  return resolveLock(open, io);
}
async function writeLock(file, text) {
  if (await readFile(file, "utf8").catch(() => void 0) === text) return;
  await makeFolder(dirname2(file)).catch((error) => {
    throw ioError(error, "making", dirname2(file));
  });
  await writeWholeFile(file, text);
}
var isReadOnly = (error) => error instanceof MkbaseError && ["EACCES", "EPERM", "EROFS"].includes(error.cause?.code ?? "");
var notKept = (plan) => ({
  code: "lock-not-kept",
  message: `${plan.lockFile} cannot be written: the next build will pin its inputs anew.`,
  advice: `Copy ${lockCopyOf(plan)} there, or make the folder writable.`
});
var lockCopyOf = (plan) => join2(plan.outDir, "lock.json");
async function keepLock(plan, lock, io) {
  const text = lockText(lock);
  const there = await readLock(plan.lockFile).catch(() => void 0);
  if (there === void 0 || lockText(there) !== text) {
    await writeLock(plan.lockFile, text).catch((error) => {
      if (!isReadOnly(error)) throw error;
      io.emit({ type: "warning", stage: "lock", warning: notKept(plan) });
    });
  }
  await writeLock(lockCopyOf(plan), text);
}

// src/pipeline/inputs/fetch-inputs.ts
var distributionOf = (from) => kindOf(from).distribution(sourceOf(from));
function sourcesOfRun({ recipe, toolchain }, { mirror, offline, allow = [] }, { env, now }, store) {
  if (mirror) mirrorUrl(mirror, "--mirror", "https://mirror.example.org/debian");
  const own = distributionOf(recipe.from);
  const builders = toolchain && distributionOf(toolchain.from);
  const common = { ...{ store, offline, env, now }, allow };
  return {
    image: { ...common, mirror },
    builder: { ...common, mirror: own === void 0 || own === builders ? mirror : void 0 }
  };
}
var fileDownloads = ({ files }) => files.flatMap(
  (file) => "url" in file ? [{ urls: [file.url], sha256: file.sha256, maxBytes: 1024 ** 3 }] : []
);
async function imageDownloads({ recipe, platform }, lock, sources) {
  const { downloads } = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  const ofKind = await downloads(wanted, sourceOf(lock.from), sources);
  return [...ofKind, ...fileDownloads(recipe)];
}
async function builderDownloads({ toolchain, locked, reference }, sources) {
  const { downloads } = await kindOf(toolchain.from).load();
  const wanted = wantedByToolchain(toolchain, platforms[reference.platform]);
  return downloads(wanted, sourceOf(locked.from), sources);
}
var fetchBuilder = async (builder, sources, io) => fetchInto(await builderDownloads(builder, sources), sources, io);
async function fetchInto(downloads, { store, offline }, io) {
  if (downloads.length === 0) return;
  await inFetchStage(
    io,
    "Fetching inputs",
    (fetchIo) => store.fetch(downloads, { offline }, fetchIo),
    (blobs) => {
      const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
      return `${plural(blobs.length, "file")}, ${formatBytes(bytes)}`;
    }
  );
}
async function inFetchStage({ emit, signal }, title, work, detail) {
  const stage = "fetch";
  let started = false;
  const value = await work({
    signal,
    emit: (event) => {
      if (event.type === "progress" && !started) emit({ type: "stage-start", stage, title });
      started ||= event.type === "progress";
      emit(event);
    }
  });
  if (started) emit({ type: "stage-done", stage, detail: detail(value) });
  else emit({ type: "stage-skip", stage, reason: `${detail(value)}, stored already` });
  return value;
}
async function fetchInputs(plan, lock, missing2, sources, io) {
  const downloads = [
    ...missing2 ? await builderDownloads(missing2, sources.builder) : [],
    ...await imageDownloads(plan, lock, sources.image)
  ];
  await fetchInto(downloads, sources.image, io);
}

// src/pipeline/open-build.ts
import { mkdir } from "node:fs/promises";
import { join as join3 } from "node:path";
var builderRunner = ({ toolchain, platform }, sources, context) => (locked) => {
  const { engine, folder } = context;
  return async (step, consume, io) => {
    if (toolchain === void 0) throw new Error("a plan without a builder has no steps");
    const builder = await builderFor(toolchain, locked, platform);
    if (!await engine.hasToolchain(builder.reference, io)) {
      await fetchBuilder(builder, sources, io);
      const own = join3(folder, "early-builder");
      await mkdir(own);
      await makeBuilder(builder, { ...context, folder: own }, io);
    }
    return engine.runStep({ ...step, toolchain: builder.reference }, consume, io);
  };
};
async function openBuild(request, invocation, io) {
  const choosing = chooseEngine(request.engine, cacheFolder(invocation.env), io);
  choosing.catch(() => void 0);
  const plan = await planBuild(request, invocation);
  const read = await fingerprintsBefore(plan);
  const engine = await choosing;
  const store = await openStore(cacheFolder(invocation.env), defaultLimits, invocation);
  const sources = sourcesOfRun(plan, request, invocation, store);
  const { folder, dispose } = await openWorkspace(join3(store.folder, "tmp"));
  const runInBuilder = builderRunner(plan, sources.builder, { engine, store, folder });
  const locking = { sources: sources.image, builderSources: sources.builder, runInBuilder, folder };
  return { plan, read, engine, store, sources, locking, folder, dispose };
}

export {
  atItsLine,
  resolveLock,
  isOfAnother,
  currentLock,
  lockCopyOf,
  keepLock,
  fetchInputs,
  openBuild
};
//# sourceMappingURL=chunk-W5A4SKVY.js.map
