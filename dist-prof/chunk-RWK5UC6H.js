import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  imagesIn
} from "./chunk-NKKBRKM3.js";
import {
  runCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  holdsEvidence
} from "./chunk-MAPI6SQL.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/commands/verify/subject.ts
import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
var look = (path) => stat(path).catch(() => void 0);
var nothing = async () => {
};
async function evidenceIn(folders) {
  for (const folder of folders) if (await holdsEvidence(folder)) return { evidence: folder };
  return {};
}
async function inFolder(word, folder, options) {
  const images = await imagesIn(folder);
  const places = options.evidence ? [options.evidence] : [folder, dirname(folder)];
  const evidence = await evidenceIn(places);
  if (images.length > 0 || evidence.evidence === folder) {
    return { subject: word, images, ...evidence, dispose: nothing };
  }
  throw new MkbaseError({
    code: "USAGE",
    message: `${word} is a folder that holds neither evidence of a build nor an image.`,
    hint: "Name the output folder of a build, for instance mkbase-out/hello, or an archive or image."
  });
}
function outputFolders({ labels, tags }, cwd) {
  const recipe = labels["mkbase.recipe"] ?? "";
  if (!/^[a-z0-9._-]+$/.test(recipe)) return [];
  const releases = tags.map((tag) => tag.slice(tag.lastIndexOf(":") + 1));
  const names = [...releases.map((release) => `${recipe}-${release}`), recipe];
  return names.map((name) => resolve(cwd, "mkbase-out", name));
}
async function saveImage({ name }, id, file, { signal }) {
  const args = ["save", "--output", file, id];
  const result = await runCommand({ file: name, args, signal });
  if (result.ok) return;
  throw new MkbaseError({
    code: "ENGINE_FAILED",
    message: `${name} failed saving image ${id}: ${result.stderr.trim() || result.problem}`,
    hint: `See whether \`${name} info\` works and whether there is room for the image in the cache, then run the same command again.`
  });
}
async function fromStore(engine, stored, word, options, context, io) {
  const [{ cacheFolder }, { openWorkspace }] = await Promise.all([
    import("./cache-folder-ZXWVIMIO.js"),
    import("./workspace-XSTBHEBJ.js")
  ]);
  const { folder, dispose } = await openWorkspace(join(cacheFolder(context.env), "tmp"));
  try {
    const path = join(folder, "image.tar");
    await saveImage(engine, stored.id, path, io);
    const places = options.evidence ? [options.evidence] : outputFolders(stored, context.cwd);
    const images = [{ path, name: `${word} in ${engine.name}` }];
    return { subject: word, images, ...await evidenceIn(places), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
async function inEngine(word, options, context, io) {
  if (!reference.test(word)) throw nothingCalled(word, "it is no name of an image");
  const [{ chooseEngine }, { cacheFolder }] = await Promise.all([
    import("./choose-K54LTDF5.js"),
    import("./cache-folder-ZXWVIMIO.js")
  ]);
  const engine = await chooseEngine(options.engine, cacheFolder(context.env), io);
  const stored = await engine.images?.inspect(word, io);
  if (stored !== void 0) return fromStore(engine, stored, word, options, context, io);
  const store = engine.images ? `there is no such image in ${engine.name}` : `${engine.name} keeps no images`;
  throw nothingCalled(word, store);
}
var reference = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/;
var nothingCalled = (word, why) => new MkbaseError({
  code: "USAGE",
  message: `There is nothing called ${word}: no file, no folder, no output folder in mkbase-out, and ${why}.`,
  hint: "Name an output folder (mkbase-out/hello), an archive, or an image as `docker images` lists it."
});
async function openSubject(word, options, context, io) {
  const path = isAbsolute(word) ? word : resolve(context.cwd, word);
  const found = await look(path);
  if (found?.isDirectory()) return inFolder(word, path, options);
  if (found?.isFile()) {
    const images = [{ path, name: basename(path) }];
    const places = [options.evidence ?? dirname(path)];
    return { subject: word, images, ...await evidenceIn(places), dispose: nothing };
  }
  if (/^[a-z0-9:._-]+$/.test(word)) {
    const output = resolve(context.cwd, "mkbase-out", word.replace(":", "-"));
    if ((await look(output))?.isDirectory()) return inFolder(word, output, options);
  }
  return inEngine(word, options, context, io);
}

export {
  openSubject
};
//# sourceMappingURL=chunk-RWK5UC6H.js.map
