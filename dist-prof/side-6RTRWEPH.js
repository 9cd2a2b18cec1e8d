import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  imageFromRecipe,
  readEvidenceFolder
} from "./chunk-UFSHHYA6.js";
import "./chunk-FAZDBQGP.js";
import "./chunk-5THGRWDT.js";
import "./chunk-E4W5ZIBO.js";
import "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import {
  inspectImage,
  layerEntries,
  recipeIn,
  recordedDigests
} from "./chunk-MAPI6SQL.js";
import "./chunk-TEUZX62I.js";
import "./chunk-2L2WQICQ.js";
import "./chunk-Z2YPWQK2.js";
import "./chunk-NWJBTXTJ.js";
import "./chunk-EF5IBACH.js";
import "./chunk-2V7AQQXO.js";
import "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-PHQGYXSX.js";
import "./chunk-LS5RIWVO.js";
import "./chunk-KWWEL2PY.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-FY5CRBSW.js";
import "./chunk-XTZ2QZAO.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-IQCQLPDV.js";
import "./chunk-WSLDK5XW.js";
import "./chunk-WOT4JK3B.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-FYFTS2JL.js";
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
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/diff/side.ts
var digestsOf = ({ manifestDigest, configDigest, layer }) => ({
  ...manifestDigest && { manifest: manifestDigest },
  ...configDigest && { config: configDigest },
  ...layer && { layer: layer.diffId }
});
async function readImage(request, signal) {
  const [place] = request.images;
  if (place === void 0) return void 0;
  const { image, checks } = await inspectImage(place, signal);
  if (image.layer?.paths !== void 0) return image;
  const [first] = checks.flatMap(({ mismatches }) => mismatches);
  throw new MkbaseError({
    code: "ARCHIVE_REFUSED",
    message: `${request.subject} holds no root filesystem that can be read: ${first?.claimed ?? "it is no image"}.`,
    hint: `\`mkbase verify ${request.subject}\` lists all that is wrong with it.`
  });
}
function intendedConfig(provenance, digest) {
  if (provenance === void 0 || digest === void 0) return void 0;
  const part = { file: "", offset: 0, size: 0, sha256: "" };
  const layer = { part, diffId: digest, size: 0 };
  const image = imageFromRecipe(provenance, { file: "", layer });
  return image && JSON.parse(Buffer.from(image.config.bytes).toString("utf8"));
}
async function readSide(request, signal) {
  const { subject: name, evidence: folder } = request;
  const image = await readImage(request, signal);
  const evidence = folder === void 0 ? void 0 : await readEvidenceFolder(folder, signal);
  const lock = evidence?.lock ?? request.lock;
  const provenance = evidence?.provenance;
  const common = {
    name,
    ...lock && { lock },
    ...provenance && { recipe: recipeIn(provenance) }
  };
  if (image?.layer) {
    const { paths: paths2, ...layer } = image.layer;
    const entries = await layerEntries(layer, name, signal);
    const config2 = image.config ?? intendedConfig(provenance, layer.diffId);
    return {
      ...common,
      digests: digestsOf(image),
      ...config2 && { config: config2 },
      ...paths2 && { paths: paths2 },
      ...entries && { entries }
    };
  }
  const digests = recordedDigests(provenance);
  const config = intendedConfig(provenance, digests.layer);
  const paths = evidence?.paths ?? [];
  return { ...common, digests, ...paths.length > 0 && { paths }, ...config && { config } };
}
export {
  readSide
};
//# sourceMappingURL=side-6RTRWEPH.js.map
