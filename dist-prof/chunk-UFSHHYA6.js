import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  byPathAndReason,
  cyclonedxDocument,
  spdxDocument,
  takeInventory
} from "./chunk-FAZDBQGP.js";
import {
  families
} from "./chunk-5THGRWDT.js";
import {
  askedBy
} from "./chunk-E4W5ZIBO.js";
import {
  lockProblems,
  lockText
} from "./chunk-DHOFLFI6.js";
import {
  bytesOf,
  checkPresence,
  checkProvenance,
  checkRootfs,
  checkSums,
  claimedAlone,
  compressionOf,
  epochIn,
  exists,
  hashEvidence,
  hashFile,
  layerEntries,
  readMtree,
  recipeIn,
  recordedDigests,
  testsOf,
  toldRecipe,
  versionIn
} from "./chunk-MAPI6SQL.js";
import {
  brief,
  counted
} from "./chunk-TEUZX62I.js";
import {
  differences
} from "./chunk-2L2WQICQ.js";
import {
  trustChain,
  trustFiles
} from "./chunk-Z2YPWQK2.js";
import {
  imageSet,
  inputSets
} from "./chunk-EF5IBACH.js";
import {
  readJsonFile
} from "./chunk-2V7AQQXO.js";
import {
  imageSettings
} from "./chunk-KN3M32LU.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  withoutUserParts
} from "./chunk-7SZXV43M.js";
import {
  decompress
} from "./chunk-R3GKPU3X.js";
import {
  composeImage
} from "./chunk-WR7GHE6V.js";
import {
  digestOf
} from "./chunk-FGYWVWTF.js";
import {
  isEmpty,
  isRecord,
  list,
  record,
  text
} from "./chunk-IIMGXTQ4.js";
import {
  fromByteString
} from "./chunk-KU2VIPS7.js";
import {
  platformNames
} from "./chunk-7K5WTWOY.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/verify/image-from-recipe.ts
function lockDigestIn({ config }) {
  const comment = String(record(list(config?.history)[0]).comment);
  return /lock sha256:([0-9a-f]{64})/.exec(comment)?.[1];
}
function textsIn(value) {
  if (typeof value === "string") return [value, value.slice(value.indexOf("=") + 1)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
function withUserParts(settings, { config }) {
  const whole = new Map(textsIn(config?.config).map((text2) => [withoutUserParts(text2), text2]));
  const restored = (_, value) => typeof value === "string" ? whole.get(value) ?? value : value;
  return settings === void 0 ? void 0 : JSON.parse(JSON.stringify(settings), restored);
}
function imageFromRecipe(statement, found) {
  const { layer } = found;
  const { name, image } = recipeIn(statement);
  const settings = imageSettings.safeParse(withUserParts(image, found));
  const definition = record(record(statement.predicate).buildDefinition);
  const { platform: stated } = record(definition.externalParameters);
  const platform = platformNames.find((each) => each === stated);
  const { epoch } = record(definition.internalParameters);
  if (!layer || !settings.success || platform === void 0) return void 0;
  if (typeof name !== "string" || !Number.isSafeInteger(epoch)) return void 0;
  const { diffId, size, part } = layer;
  const rootfs = { diffId, size, tar: part.file, entries: [] };
  const digest = lockDigestIn(found);
  return composeImage(rootfs, settings.data, {
    platform,
    created: epoch,
    recipe: name,
    ...digest !== void 0 && { lockDigest: digest }
  });
}
function isImported(found, intended) {
  const createdBy = String(record(list(found.history)[0]).created_by ?? "");
  return found.created !== intended.created && !createdBy.startsWith("mkbase ");
}
var enginesOwn = /* @__PURE__ */ new Set(["StopSignal", "Healthcheck", "ArgsEscaped"]);
function runFields({ config, os, architecture, variant }) {
  const settings = Object.entries(record(config)).filter(
    ([key, value]) => !isEmpty(value) && !enginesOwn.has(key)
  );
  return {
    os,
    architecture,
    ...variant !== void 0 && { variant },
    ...Object.fromEntries(settings)
  };
}
function checkConfig({ file: file2, config = {} }, intended) {
  const wanted = JSON.parse(Buffer.from(intended.config.bytes).toString("utf8"));
  const imported = isImported(config, wanted);
  const found = imported ? differences(runFields(config), runFields(wanted)) : differences(config, wanted);
  const from = "provenance.json";
  const what2 = `the config in ${file2} against the recipe in ${from}`;
  return {
    what: imported ? `${what2}, as far as an import keeps it` : what2,
    mismatches: found.map((each) => ({ file: `${file2}: config`, ...each, from }))
  };
}

// src/verify/evidence.ts
import { join as join4 } from "node:path";

// src/verify/lock.ts
var file = "lock.json";
var valueAt = (value, path) => path.split(".").reduce((at, name) => at?.[name], value);
function inconsistencies({ asked, request, platform }) {
  const digest = digestOf(asked);
  const stated = asked.platform;
  return [
    ...digest === request ? [] : [{ file, field: "request", claimed: request, computed: digest }],
    ...stated === platform ? [] : [{ file, field: "platform", claimed: platform, computed: brief(stated) }]
  ];
}
async function readLock(path) {
  const { value, mismatches: form } = await readJsonFile(path, file);
  const what2 = `the form of ${file}`;
  if (value === void 0) return { check: { what: what2, mismatches: form } };
  const { digests, ...fields } = value;
  const unsound = lockProblems(fields).map(({ field, problem }) => {
    const claimed = brief(valueAt(value, field));
    return { file, field, claimed, computed: problem };
  });
  if (unsound.length > 0) return { check: { what: what2, mismatches: [...form, ...unsound] } };
  const lock = fields;
  const computed = JSON.parse(lockText(lock)).digests;
  const changed = differences(digests, computed, "digests").map((each) => ({ file, ...each }));
  return { lock, check: { what: what2, mismatches: [...form, ...inconsistencies(lock), ...changed] } };
}

// src/verify/recipe-at-hand.ts
var what = "lock.json and provenance.json against the recipe";
function checkAsked(lock, { recipe, toolchain, called }) {
  const asked = JSON.parse(JSON.stringify(askedBy({ recipe, toolchain, platform: lock.platform })));
  const found = differences(lock.asked, asked, "asked");
  const mismatches = found.map((each) => ({ file: "lock.json", ...each, from: called }));
  return { what: `lock.json and provenance.json against ${called}`, mismatches };
}
var recipeNotAtHand = (reason) => ({
  what,
  mismatches: [],
  skipped: reason
});

// src/verify/sbom.ts
import { join } from "node:path";

// src/verify/inventory-from-sbom.ts
var records = (value) => list(value).filter(isRecord);
var shown = (path) => `/${fromByteString(path)}`;
var linkedPrefix = "linked: ";
function propertiesOf(component) {
  const all = records(component.properties).map(
    ({ name, value }) => [text(name), text(value)]
  );
  return (name) => all.filter(([each]) => each === name).map(([, value]) => value);
}
function sourceIn(stated) {
  const [name, version] = stated?.split(" ") ?? [];
  return name && version ? { source: { name, version } } : {};
}
function linkedParts(occurrences) {
  return occurrences.flatMap(({ location, additionalContext }) => {
    if (!text(additionalContext).startsWith(linkedPrefix)) return [];
    const program = Buffer.from(text(location).slice(1)).toString("latin1");
    return [{ program, objects: text(additionalContext).slice(linkedPrefix.length).split(" ") }];
  });
}
function inputsOf(stated) {
  return stated.map((each) => {
    const [, path = each, sha256 = ""] = /^(.*) sha256:([0-9a-f]*)$/.exec(each) ?? [];
    return { path, sha256 };
  });
}
function licenceOf(component, basis, texts) {
  const expression = text(records(component.licenses)[0]?.expression) || "NOASSERTION";
  const words = new Set(expression.split(/[\s()]+/));
  return { expression, basis, texts: texts.filter(({ id }) => words.has(id)) };
}
var title = / \((?:sources|files:|accounts:|run:|from:)\)$/;
function componentOf(component, texts) {
  const { version, publisher, purl, hashes, externalReferences, evidence } = component;
  const property = propertiesOf(component);
  const occurrences = records(record(evidence).occurrences);
  const sha256 = records(hashes)[0]?.content;
  const homepage = records(externalReferences)[0]?.url;
  return {
    id: text(component["bom-ref"]),
    kind: text(property("mkbase:kind")[0]),
    name: text(component.name).replace(title, ""),
    ...version !== void 0 && { version: text(version) },
    ...sourceIn(property("mkbase:source")[0]),
    ...publisher !== void 0 && { maintainer: text(publisher) },
    ...homepage !== void 0 && { homepage: text(homepage) },
    licence: licenceOf(component, text(property("mkbase:licence")[0]), texts),
    ...purl !== void 0 && { purl: text(purl) },
    ...sha256 !== void 0 && { sha256: text(sha256) },
    inputs: inputsOf(property("mkbase:input")),
    linked: linkedParts(occurrences)
  };
}
function placesIn(components) {
  const places = /* @__PURE__ */ new Map();
  for (const component of components) {
    const { evidence } = component;
    for (const each of records(record(evidence).occurrences)) {
      const reason = each.additionalContext;
      if (text(reason).startsWith(linkedPrefix)) continue;
      const why = reason === void 0 ? {} : { reason: text(reason) };
      places.set(text(each.location), { component: text(component["bom-ref"]), ...why });
    }
  }
  return places;
}
function unattributedIn(files, paths) {
  return files.flatMap((file2) => {
    const path = paths.get(text(file2.name)) ?? text(file2.name);
    return propertiesOf(file2)("mkbase:unattributed").map((reason) => ({ path, reason }));
  });
}
function attributionOf(location, reason, programs) {
  if (programs.has(`file:${location}`)) return { by: "link" };
  return reason === void 0 ? { by: "package" } : { by: "rule", reason };
}
function filesOf({ cyclonedx, paths, sha1Of }, parts) {
  const places = placesIn(parts);
  const dependencies = records(cyclonedx.dependencies).slice(1);
  const programs = new Set(dependencies.map(({ ref }) => text(ref)));
  const files = paths.flatMap((found) => {
    const { path, type, target } = found;
    if (type === "directory") return [];
    const place = places.get(shown(path));
    return [
      {
        path,
        type,
        ...target !== void 0 && { target },
        ...digestsOf(found, sha1Of),
        component: place?.component,
        attribution: attributionOf(shown(path), place?.reason, programs)
      }
    ];
  });
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}
var digestsOf = ({ path, sha256 }, sha1Of) => sha256 === void 0 ? {} : { digests: { sha1: sha1Of(path), sha256 } };
function inventoryFromSboms(sboms) {
  const { cyclonedx, spdx, paths } = sboms;
  const all = records(cyclonedx.components);
  const [system] = all.filter(({ type }) => type === "operating-system");
  const isAlone = (each) => text(each["bom-ref"]).startsWith("file:/");
  const parts = all.filter((each) => each !== system && !isAlone(each));
  const texts = records(spdx.hasExtractedLicensingInfos).map(
    ({ licenseId, name, extractedText }) => ({
      id: text(licenseId),
      name: text(name),
      text: text(extractedText)
    })
  );
  const byShown = new Map(paths.map(({ path }) => [shown(path), path]));
  return {
    distro: system && text(system["bom-ref"]).replace(/^os:/, ""),
    components: parts.map((each) => componentOf(each, texts)),
    files: filesOf(sboms, parts),
    unattributed: unattributedIn(all.filter(isAlone), byShown)
  };
}

// src/verify/pinned-components.ts
var isPackage = ({ kind }) => families.some(({ name }) => name === kind);
function pinned(component, lock) {
  const named = isPackage(component) ? inputSets(lock).flatMap(({ inputs }) => inputs).filter(({ family, name }) => family === component.kind && name === component.name) : [];
  const pin = named.find(({ version: version2 }) => version2 === component.version) ?? named[0];
  if (pin?.version === void 0) return component;
  const { version, sha256 } = pin;
  return { ...component, version, ...component.sha256 !== void 0 && { sha256 } };
}
function missingComponents(components, lock, from) {
  const listed = new Set(components.map(({ kind, name }) => `${kind} ${name}`));
  return imageSet(lock).inputs.filter(
    ({ role, family, name }) => role === "package" && !listed.has(`${family} ${name}`)
  ).map(({ name, version }) => ({
    ...{ file: "lock.json", field: `package ${name}`, claimed: `${name} ${version}` },
    ...{ computed: "no component of it", from }
  }));
}

// src/verify/inputs-at-hand.ts
import { existsSync } from "node:fs";
function inputsAtHand(store) {
  const missing = /* @__PURE__ */ new Set();
  async function* read(sha256) {
    if (!existsSync(store.pathOf(sha256))) missing.add(sha256);
    try {
      yield* store.read(sha256);
    } catch (error) {
      missing.add(sha256);
      throw error;
    }
  }
  return { store: { ...store, read }, missing };
}

// src/verify/recompute-inventory.ts
var madeByCommands = "recipe:run";
var ownersOf = ({ files }) => new Map(files.map((file2) => [file2.path, file2]));
var isLinked = ({ linked }) => linked.length > 0;
var saidLinks = ({ components }) => new Map(components.filter(isLinked).map(({ name, linked }) => [name, linked]));
function saidOfPrograms(told, computed) {
  const programs = new Set(
    computed.files.flatMap(({ path, attribution }) => attribution?.by === "link" ? [path] : [])
  );
  return told.unattributed.filter(({ path }) => programs.has(path));
}
function withToldOwner(file2, told, known) {
  const by = file2.attribution?.by;
  const open = by === void 0 || by === "rule" || by === "archive";
  if (!open || told === void 0) return file2;
  const { component, attribution } = told;
  if (component !== void 0 && !known.has(component)) return file2;
  return { ...file2, component, attribution: component === void 0 ? void 0 : attribution };
}
function withToldFields(component, told) {
  if (told === void 0) return component;
  const { maintainer, homepage, licence } = told;
  const unknown = component.licence.expression === "NOASSERTION";
  return {
    ...component,
    ...unknown && { licence },
    ...isLinked(component) && maintainer !== void 0 && { maintainer },
    ...isLinked(component) && homepage !== void 0 && { homepage }
  };
}
function filledIn(computed, told) {
  const known = new Set(computed.components.map(({ id }) => id));
  const owners = ownersOf(told);
  const files = computed.files.map((file2) => withToldOwner(file2, owners.get(file2.path), known));
  const stray = new Set(
    files.flatMap(({ path, component }) => component === void 0 ? [path] : [])
  );
  const byId = new Map(told.components.map((each) => [each.id, each]));
  const used = new Set(files.map(({ component }) => component));
  const isIdle = ({ kind, id }) => kind === "rootfs-archive" && !used.has(id);
  return {
    ...computed,
    files,
    components: computed.components.filter((each) => !isIdle(each)).map((each) => withToldFields(each, byId.get(each.id))),
    unattributed: told.unattributed.filter(({ path }) => stray.has(path))
  };
}
var nameOf = (lock, missing) => {
  const [first = ""] = missing;
  const input = inputSets(lock).flatMap(({ inputs }) => inputs).find(({ sha256 }) => sha256 === first);
  return input?.file ?? first;
};
function limitsOf({ recipe }, inventory, notAtHand) {
  const limits = [];
  const linked = inventory.files.filter(({ attribution }) => attribution?.by === "link");
  if (linked.length > 0) {
    const extent = counted(linked.length, "program");
    const claimed = "only the linker saw it; --rebuild links again";
    limits.push({ what: "the objects that programs are linked from", extent, ...word(claimed) });
  }
  const made = inventory.files.filter(({ component }) => component === madeByCommands);
  if (recipe.run.length > 0) {
    const claimed = "only a build runs them; --rebuild runs them again";
    const what2 = "the paths that the recipe's commands made";
    limits.push({ what: what2, extent: counted(made.length, "path"), ...word(claimed) });
  }
  if (notAtHand !== void 0) {
    const what2 = "licences and owners of paths that only the locked inputs tell";
    const skipped = `${notAtHand} not at hand; --inputs names a bundle of them`;
    limits.push({ what: what2, mismatches: [], skipped });
  }
  return limits;
}
var word = (claimed) => ({ mismatches: [], claimed, toldByRebuild: true });
async function takeWithout(input, told, io) {
  const computed = await takeInventory({ ...input, store: void 0 }, io);
  const inventory = filledIn(computed, told);
  return { inventory, isFilledIn: JSON.stringify(inventory) !== JSON.stringify(computed) };
}
async function takeWith({ store, missing }, input, io) {
  try {
    return { inventory: await takeInventory({ ...input, store }, io), isFilledIn: false };
  } catch (error) {
    if (missing.size === 0 || io.signal.aborted) throw error;
    return void 0;
  }
}
async function recomputeInventory(told, facts, io) {
  const { recipe, filesBeside, lock, entries } = facts;
  const owners = ownersOf(told);
  const saidOfRun = (path) => owners.get(path)?.component === madeByCommands;
  const input = {
    ...{ recipe, lock, entries, filesBeside, saidOfLinks: saidLinks(told), store: void 0 },
    ...recipe.run.length > 0 && { saidOfRun }
  };
  const hand = facts.store && inputsAtHand(facts.store);
  const taken = (hand && await takeWith(hand, input, io)) ?? await takeWithout(input, told, io);
  const { inventory, isFilledIn } = taken;
  const unattributed = [...inventory.unattributed, ...saidOfPrograms(told, inventory)].sort(
    byPathAndReason
  );
  const notAtHand = hand ? `${nameOf(lock, hand.missing)} is` : "they are";
  return {
    inventory: { ...inventory, unattributed },
    limits: limitsOf(facts, inventory, isFilledIn ? notAtHand : void 0),
    whole: !isFilledIn
  };
}

// src/verify/sbom.ts
var { spdx: spdxFile, cyclonedx: cyclonedxFile, lock: lockFile } = evidenceNames;
async function readSboms(folder) {
  const spdx = await readJsonFile(join(folder, spdxFile), spdxFile);
  const cyclonedx = await readJsonFile(join(folder, cyclonedxFile), cyclonedxFile);
  const what2 = `the form of ${spdxFile} and ${cyclonedxFile}`;
  const mismatches = [...spdx.mismatches, ...cyclonedx.mismatches];
  return { spdx: spdx.value, cyclonedx: cyclonedx.value, check: { what: what2, mismatches } };
}
function claimedSha1s(spdx) {
  const files = Array.isArray(spdx.files) ? spdx.files : [];
  return new Map(
    files.map((file2) => [
      Buffer.from(String(file2?.fileName).replace(/^\.\//, "")).toString("latin1"),
      String(file2?.checksums?.[0]?.checksumValue)
    ])
  );
}
var uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
function withIdOf(claimed, computed) {
  const [id] = uuid.exec(String(claimed)) ?? [];
  return id === void 0 ? computed : String(computed).replace(uuid, id);
}
var subjectOf = ({ lock, epoch, manifest, diffId, version }) => ({
  name: lock.recipe,
  platform: lock.platform,
  manifest,
  diffId,
  created: epoch,
  generator: version
});
function compare(sboms, { inventory, whole }, facts) {
  const { spdx, cyclonedx } = sboms;
  const subject = subjectOf(facts);
  const computed = {
    spdx: JSON.parse(spdxDocument(inventory, subject)),
    cyclonedx: JSON.parse(cyclonedxDocument(inventory, subject))
  };
  const { documentNamespace, ...restOfSpdx } = computed.spdx;
  const { serialNumber, ...restOfCyclonedx } = computed.cyclonedx;
  const from = `${lockFile}, ${facts.from}`;
  const of = (file2, claimed, expected) => differences(claimed, expected).map((each) => ({ file: file2, ...each, from }));
  return [
    ...of(cyclonedxFile, cyclonedx, {
      ...restOfCyclonedx,
      serialNumber: whole ? serialNumber : withIdOf(cyclonedx.serialNumber, serialNumber)
    }),
    ...of(spdxFile, spdx, {
      ...restOfSpdx,
      documentNamespace: whole ? documentNamespace : withIdOf(spdx.documentNamespace, documentNamespace)
    })
  ];
}
async function recomputed(told, { inventory: facts, from }, io) {
  if (facts === void 0) return void 0;
  try {
    return await recomputeInventory(told, facts, io);
  } catch (error) {
    const isDisk = error instanceof MkbaseError && /^(?:IO|NO_SPACE|INTERRUPTED)$/.test(error.code);
    if (isDisk || io.signal.aborted || !(error instanceof Error)) throw error;
    const field = "the inventory";
    return { file: from, field, claimed: "one that can be taken", computed: error.message };
  }
}
async function checkSboms(sboms, facts, io) {
  const { spdx, cyclonedx } = sboms;
  const { lock, paths, from } = facts;
  const sha1s = claimedSha1s(spdx);
  const sha1Of = (path) => sha1s.get(path) ?? "";
  const told = inventoryFromSboms({ cyclonedx, spdx, paths, sha1Of });
  const what2 = `${spdxFile} and ${cyclonedxFile} against ${lockFile}, ${from} and each other`;
  const found = await recomputed(told, facts, io);
  if (found !== void 0 && "field" in found) return [{ what: what2, mismatches: [found] }];
  const components = told.components.map((each) => pinned(each, lock));
  const { limits, ...expected } = found ?? {
    ...{ inventory: { ...told, components }, whole: false },
    limits: []
  };
  const listed = expected.inventory.components;
  const missing = facts.hasCommands ? [] : missingComponents(listed, lock, found ? from : cyclonedxFile);
  const mismatches = [...missing, ...compare(sboms, expected, facts)];
  const extent = counted(listed.length, "component");
  return [{ what: what2, extent, mismatches }, ...limits];
}

// src/verify/trust.ts
import { readdir } from "node:fs/promises";
import { join as join2 } from "node:path";
async function checkChain(folder, lock) {
  const file2 = "trust/trust.json";
  if (!await exists(join2(folder, "trust.json"))) return [];
  const { value, mismatches } = await readJsonFile(join2(folder, "trust.json"), file2);
  if (value === void 0) return [...mismatches];
  const found = differences(value, trustChain(lock));
  return [...mismatches, ...found.map((each) => ({ file: file2, ...each, from: "lock.json" }))];
}
async function checkSigned(folder, { name, sha256 }, signal) {
  const computed = await hashFile(join2(folder, name), signal);
  if (computed === void 0 || computed === sha256) return [];
  const field = `the sha256 of ${name}`;
  return [{ file: "lock.json", field, claimed: sha256, computed, from: `trust/${name}` }];
}
async function checkTrust(folder, lock, signal) {
  const signed = trustFiles(trustChain(lock));
  const mismatches = await checkChain(folder, lock);
  for (const each of signed) mismatches.push(...await checkSigned(folder, each, signal));
  const there = await readdir(folder);
  const missing = signed.filter(({ name }) => !there.includes(name)).length;
  const known = /* @__PURE__ */ new Set(["trust.json", ...signed.map(({ name }) => name)]);
  const strange = there.filter((name) => !known.has(name)).sort();
  const unknown = strange.map((name) => ({
    file: `trust/${name}`,
    field: "",
    claimed: "a file",
    computed: "nothing that the lock names",
    from: "lock.json"
  }));
  return {
    what: "trust/ against lock.json",
    extent: `${counted(signed.length - missing, "signed file")}${missing > 0 ? `, ${missing} not there` : ""}`,
    mismatches: [...mismatches, ...unknown]
  };
}

// src/verify/unpacked-layer.ts
import { createWriteStream } from "node:fs";
import { join as join3 } from "node:path";
import { pipeline } from "node:stream/promises";
var maxBytes = 16 * 1024 ** 3;
async function unpacked(layer, name, scratch, signal) {
  const file2 = join3(await scratch(), "rootfs.tar");
  const form = await compressionOf(layer.part, signal);
  const bytes = decompress(bytesOf(layer.part, signal), form, { maxBytes, what: name, signal });
  await pipeline(bytes, createWriteStream(file2));
  return { ...layer, part: { file: file2, offset: 0, size: layer.size, sha256: layer.diffId } };
}
async function entriesOf({ layer, file: file2 }, scratch, signal) {
  if (layer?.paths === void 0) return void 0;
  const stored = await layerEntries(layer, file2, signal);
  if (stored !== void 0 || scratch === void 0) return stored;
  return layerEntries(await unpacked(layer, file2, scratch, signal), file2, signal);
}

// src/verify/evidence.ts
async function readProvenance(path) {
  const file2 = evidenceNames.provenance;
  const { value, mismatches } = await readJsonFile(path, file2);
  return { value, check: { what: `the form of ${file2}`, mismatches } };
}
async function readEvidenceFolder(folder, signal) {
  const read = async (name, reader) => {
    const path = join4(folder, name);
    return await exists(path) ? reader(path) : void 0;
  };
  const all = await checkPresence(folder);
  const sums = await read(evidenceNames.sums, () => checkSums(folder, signal));
  const lock = await read(evidenceNames.lock, readLock);
  const mtree = await read(evidenceNames.mtree, readMtree);
  const provenance = await read(evidenceNames.provenance, readProvenance);
  const hasBoth = await exists(join4(folder, evidenceNames.cyclonedx));
  const sboms = hasBoth ? await read(evidenceNames.spdx, () => readSboms(folder)) : void 0;
  const { spdx, cyclonedx } = sboms ?? {};
  const pinned2 = lock?.lock;
  const trust = pinned2 && await read(evidenceNames.trust, (at) => checkTrust(at, pinned2, signal));
  const checks = [all, sums, lock?.check, mtree?.check, provenance?.check, sboms?.check, trust];
  return {
    folder,
    lock: pinned2,
    paths: mtree?.paths ?? [],
    provenance: provenance?.value,
    sboms: spdx && cyclonedx && { spdx, cyclonedx },
    checks: checks.filter((check) => check !== void 0)
  };
}
async function recipesOf({ lock, provenance }, { findRecipe }) {
  const nothing = { told: void 0, atHand: void 0, check: void 0 };
  if (lock === void 0 || provenance === void 0) return nothing;
  const told = toldRecipe(provenance, lock.toolchain !== void 0);
  if (told === void 0) return { ...nothing, check: recipeNotAtHand("provenance.json has none") };
  const found = await findRecipe?.(told, lock) ?? "nobody looked for it";
  if (typeof found === "string") {
    return { told, atHand: void 0, check: recipeNotAtHand(found) };
  }
  return { told, atHand: found, check: checkAsked(lock, found) };
}
async function inventoryFacts({ lock }, { told, atHand }, found, { store, scratch, signal }) {
  const recipe = atHand?.recipe ?? told?.recipe;
  if (recipe === void 0 || lock === void 0 || recipe.from.kind !== lock.from.kind) {
    return void 0;
  }
  const entries = await entriesOf(found, scratch, signal);
  if (entries === void 0) return void 0;
  const filesBeside = atHand ? void 0 : told?.filesBeside;
  return { recipe, filesBeside, lock, entries, store };
}
async function sbomFacts(evidence, recipes, found, image, context) {
  const { lock, paths, provenance } = evidence;
  if (lock === void 0 || provenance === void 0) return void 0;
  const { told } = recipes;
  const both = {
    ...{ lock, epoch: epochIn(provenance, lock), version: versionIn(provenance) },
    hasCommands: told === void 0 || told.recipe.run.length > 0
  };
  if (image && found?.layer?.paths) {
    const digests = { manifest: image.manifest.digest, diffId: image.rootfs.diffId };
    const inventory = await inventoryFacts(evidence, recipes, found, context);
    return { ...both, ...digests, from: found.file, paths: found.layer.paths, inventory };
  }
  const { manifest, layer } = recordedDigests(provenance);
  if (!manifest || !layer) return void 0;
  const from = evidenceNames.mtree;
  return { ...both, manifest, diffId: layer, from, paths, inventory: void 0 };
}
var notTakenAnew = (file2) => ({
  what: `components and owners of paths against package databases in ${file2}`,
  mismatches: [],
  skipped: "its rootfs, or the recipe in provenance.json, could not be read"
});
async function checkAgainst(evidence, recipes, found, context) {
  const { folder, lock, paths, provenance, sboms } = evidence;
  const { signal } = context;
  const checks = [];
  const computed = found?.layer?.paths;
  if (found && computed && paths.length > 0) checks.push(checkRootfs(paths, computed, found.file));
  if (provenance === void 0) return checks;
  const image = found && imageFromRecipe(provenance, found);
  const hashes = await hashEvidence(folder, lock, signal);
  const { atHand, told } = recipes;
  const tests = testsOf(provenance, told);
  const facts = { lock, image, imageName: found?.file, evidence: hashes, atHand, tests };
  checks.push(checkProvenance(provenance, facts));
  if (image && found.config) checks.push(checkConfig(found, image));
  const about = await sbomFacts(evidence, recipes, found, image, context);
  if (sboms === void 0 || about === void 0) return checks;
  checks.push(...await checkSboms(sboms, about, { emit: () => void 0, signal }));
  if (found && about.inventory === void 0) checks.push(notTakenAnew(found.file));
  return checks;
}
async function checkEvidence(evidence, images, context) {
  const recipes = await recipesOf(evidence, context);
  const checks = recipes.check ? [recipes.check] : [];
  for (const found of images.length > 0 ? images : [void 0]) {
    checks.push(...await checkAgainst(evidence, recipes, found, context));
  }
  return [...checks, ...evidence.provenance ? claimedAlone(evidence.provenance) : []];
}

export {
  imageFromRecipe,
  readEvidenceFolder,
  checkEvidence
};
//# sourceMappingURL=chunk-UFSHHYA6.js.map
