import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  importOutput
} from "./chunk-WZWFXZVQ.js";
import {
  engineName
} from "./chunk-E6FI3J5L.js";
import {
  compressionByName,
  tarEnding
} from "./chunk-6OPODO3C.js";
import {
  hostPlatform
} from "./chunk-7K5WTWOY.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/outputs/file-output.ts
import { resolve } from "node:path";
var requestOf = (type, { dest }) => ({
  type,
  ...dest !== void 0 && { dest }
});
var destinationOf = ({ dest }, outDir, name5) => resolve(outDir, dest ?? name5);
var isUnchanged = ({ dest }, earlier) => earlier.isUnchanged(dest);
function loadCommand({ engine, placed, path, runCommand }) {
  if (placed.size === void 0) return void 0;
  if (engine !== engineName.namespace) return `${engine} load --input ${path}`;
  return runCommand ?? `${engineName.docker} load --input ${path}`;
}

// src/outputs/docker/docker-output.ts
var name = "docker";
var dockerOutput = {
  name,
  place: "file",
  isOption: true,
  holdsImage: true,
  parse: (values) => requestOf(name, values),
  async stage(image, request, target, io) {
    const dest = destinationOf(request, target.outDir, "image.docker.tar");
    const { stageDocker } = await import("./stage-docker-AN7DJRIZ.js");
    return stageDocker(image, request, dest, target, io);
  },
  isCurrent: async (placed, earlier) => await isUnchanged(placed, earlier) && await earlier.isStored(),
  nextCommand: loadCommand
};

// src/outputs/dockerfile/dockerfile-output.ts
var name2 = "dockerfile";
function buildCommand({ engine, recipe, platform, path }) {
  const builder = engine === engineName.namespace ? engineName.docker : engine;
  const foreign = platform === hostPlatform().name ? "" : ` --platform ${platform}`;
  return `${builder} build${foreign} --tag mkbase/${recipe} ${path}`;
}
var dockerfileOutput = {
  name: name2,
  place: "file",
  isOption: false,
  folder: "a folder",
  holdsImage: false,
  parse: (values) => requestOf(name2, values),
  async stage(image, request, target, io) {
    const dest = destinationOf(request, target.outDir, name2);
    const { stageDockerfile } = await import("./stage-dockerfile-STIQDDPJ.js");
    return stageDockerfile(image, request, dest, io);
  },
  isCurrent: isUnchanged,
  nextCommand: buildCommand
};

// src/outputs/oci/oci-output.ts
var name3 = "oci";
var ociOutput = {
  name: name3,
  place: "file",
  isOption: true,
  folder: "an OCI folder",
  holdsImage: true,
  parse: (values) => requestOf(name3, values),
  async stage(image, request, target, io) {
    const dest = destinationOf(request, target.outDir, "image.oci.tar");
    const { stageOci } = await import("./stage-oci-R7647TOK.js");
    return stageOci(image, request, dest, target, io);
  },
  isCurrent: isUnchanged,
  nextCommand: loadCommand
};

// src/image/compress/compressions.ts
var compressions = ["none", "gzip", "zstd", "xz"];
var forms = { none: "none", gzip: "gz", zstd: "zst", xz: "xz" };
var compressionOf = (name5) => compressions.find((each) => forms[each] === compressionByName(name5));
var suffixOf = (compression) => tarEnding(forms[compression]);

// src/outputs/rootfs/rootfs-output.ts
var name4 = "rootfs";
function chooseCompression({ dest, get, refuse }) {
  const asked = get("compression");
  const named = dest === void 0 ? void 0 : compressionOf(dest);
  if (asked === void 0) return named === "none" ? void 0 : named;
  const compression = compressions.find((each) => each === asked);
  if (compression === void 0) {
    const meant = compressionOf(`.tar.${asked}`) ?? asked;
    return refuse(`there is no compression ${JSON.stringify(asked)}`, meant, compressions);
  }
  if (named !== void 0 && named !== compression) {
    const said = named === "none" ? "what is not compressed" : `what is compressed with ${named}`;
    refuse(`the name of dest is that of ${said}; end it in ${suffixOf(compression)}`);
  }
  return compression;
}
var rootfsOutput = {
  name: name4,
  place: "file",
  isOption: true,
  keys: {
    compression: {
      values: compressions,
      elsewhere: `only ${name4} can be compressed: a layer is its diffID`
    }
  },
  holdsImage: false,
  parse(values) {
    const compression = chooseCompression(values);
    return { ...requestOf(name4, values), ...compression && { compression } };
  },
  async stage(image, request, target, io) {
    const { compression = "none" } = request;
    const dest = destinationOf(request, target.outDir, `${name4}${suffixOf(compression)}`);
    const { stageRootfs } = await import("./stage-rootfs-4UZG2Z2P.js");
    return stageRootfs(image, request, dest, compression, io);
  },
  isCurrent: isUnchanged
};

// src/outputs/registry.ts
var outputs = [
  importOutput,
  dockerOutput,
  ociOutput,
  rootfsOutput,
  dockerfileOutput
];
var offeredOutputs = () => outputs.filter(({ isOption }) => isOption);
function outputForms() {
  const offered = offeredOutputs();
  const keys = offered.flatMap(
    ({ name: name5, keys: keys2 = {} }) => Object.keys(keys2).map((key) => `; ${name5} takes ${key}=, too`)
  );
  return `type=${offered.map(({ name: name5 }) => name5).join("|")}[,dest=PATH]${keys.join("")}.`;
}
function outputOf({ type }) {
  const found = outputs.find(({ name: name5 }) => name5 === type);
  if (found !== void 0) return found;
  throw new MkbaseError({ code: "INTERNAL", message: `There is no output called ${type}.` });
}
var defaultOutput = (hasStore) => ({
  type: (hasStore ? importOutput : ociOutput).name
});
var dockerfileRequest = (dest) => ({
  type: dockerfileOutput.name,
  dest
});
async function areCurrent(placed, earlier) {
  const current = placed.map((each) => outputOf(each).isCurrent(each, earlier));
  return (await Promise.all(current)).every(Boolean);
}

export {
  offeredOutputs,
  outputForms,
  outputOf,
  defaultOutput,
  dockerfileRequest,
  areCurrent
};
//# sourceMappingURL=chunk-GCOBUJDJ.js.map
