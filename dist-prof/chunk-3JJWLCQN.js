import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  packageRoot
} from "./chunk-IQA7OYSC.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/packages/openpgp/keys.ts
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
var keyringFolder = join(packageRoot, "src/packages/deb/keyring");
var folders = {
  debian: keyringFolder,
  ubuntu: join(keyringFolder, "ubuntu")
};
var armorStart = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
async function readKeys(file) {
  const bytes = await readFile(file).catch((error) => {
    throw ioError(error, "reading the keyring", file);
  });
  const { readKeys: readKeys2 } = await import("./openpgp-743A2SSH.js");
  const armored = bytes.includes(armorStart);
  try {
    return armored ? await readKeys2({ armoredKeys: bytes.toString("latin1") }) : await readKeys2({ binaryKeys: bytes });
  } catch (error) {
    throw new MkbaseError({
      code: "SOURCE_UNTRUSTED",
      message: `${file} holds no OpenPGP public key: ${error.message}`,
      hint: "Export one with: gpg --export --armor <fingerprint>",
      cause: error
    });
  }
}
async function readKeyFiles(files) {
  return (await Promise.all(files.map(readKeys))).flat();
}
async function trustedKeys(extra = [], distribution = "debian") {
  const folder = folders[distribution];
  const names = (await readdir(folder)).filter((name) => name.endsWith(".asc")).sort();
  return readKeyFiles([...names.map((name) => join(folder, name)), ...extra]);
}

// src/packages/openpgp/signature.ts
import { Readable } from "node:stream";

// src/packages/openpgp/clear-signed.ts
var start = "-----BEGIN PGP SIGNED MESSAGE-----";
var middle = "-----BEGIN PGP SIGNATURE-----";
var end = "-----END PGP SIGNATURE-----";
function refused(what, problem) {
  return new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `${what} is not a clear-signed file: ${problem}.`,
    hint: "Check that the mirror is a Debian archive and that no proxy or login page answers in its place."
  });
}
function clearSignedBlock(bytes, what) {
  const text = decoded(bytes, what);
  const lines = text.replace(/\s+$/, "").split(/\r?\n/);
  const markers = lines.flatMap(
    (line, index) => line.startsWith("-----") ? [{ line: line.trimEnd(), index }] : []
  );
  const [first, second, third] = markers;
  if (first === void 0) throw refused(what, "it carries no signature");
  if (first.index !== 0) throw refused(what, "there is text before the signed message");
  if (markers.map((marker) => marker.line).join() !== [start, middle, end].join()) {
    throw refused(what, `its parts are ${markers.map((marker) => marker.line).join(", ")}`);
  }
  if (third.index !== lines.length - 1) throw refused(what, "there is text after the signature");
  if (second.index >= third.index) throw refused(what, "it has no signature");
  return text;
}
function decoded(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw refused(what, `it is not UTF-8 (${error.message})`);
  }
}

// src/packages/openpgp/signature.ts
var clockSkewSeconds = 86400;
var checkedHere = null;
async function verifyClearSigned(bytes, check) {
  const cleartextMessage = clearSignedBlock(bytes, check.what);
  const { readCleartextMessage, verify } = await import("./openpgp-743A2SSH.js");
  try {
    const message = await readCleartextMessage({ cleartextMessage });
    const { signatures } = await verify({
      message,
      verificationKeys: [...check.keys],
      date: checkedHere
    });
    return { text: message.getText(), signedBy: await signers(signatures, check) };
  } catch (error) {
    throw untrusted(error, check.what);
  }
}
async function verifyDetached(source, signatureBytes, check) {
  const { createMessage, readSignature, verify } = await import("./openpgp-743A2SSH.js");
  try {
    const text = Buffer.from(signatureBytes).toString("latin1");
    const signature = text.startsWith("-----BEGIN") ? await readSignature({ armoredSignature: text }) : await readSignature({ binarySignature: signatureBytes });
    const binary = Readable.toWeb(Readable.from(source));
    const message = await createMessage({ binary });
    const { data, signatures } = await verify({
      message,
      signature,
      verificationKeys: [...check.keys],
      date: checkedHere,
      format: "binary"
    });
    await readToEnd(data);
    return await signers(signatures, check);
  } catch (error) {
    throw untrusted(error, check.what);
  }
}
async function readToEnd(data) {
  const reader = data.getReader();
  while (!(await reader.read()).done) ;
}
async function signers(signatures, check) {
  const outcomes = await Promise.all(signatures.map((signature) => signer(signature, check)));
  const good = outcomes.filter((outcome) => typeof outcome === "string");
  if (good.length > 0) return [...new Set(good)].sort();
  const refusals = outcomes.filter((outcome) => typeof outcome !== "string");
  const reasons = refusals.map(({ reason }) => `
  ${reason}`).join("");
  throw new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `${check.what} has no valid signature by a trusted key.${reasons || "\n  It carries no signature."}`,
    hint: refusals.some(({ clock }) => clock) ? `Check this machine's clock, which says ${check.now.toISOString()}.` : "Do not use this mirror until it is known why; try another one with --mirror."
  });
}
async function signer(result, check) {
  const id = result.keyID.toHex().toUpperCase();
  const key = check.keys.find((candidate) => candidate.getKeys(result.keyID).length > 0);
  if (key === void 0) return { reason: `Key ${id} is not among the trusted keys.` };
  try {
    await result.verified;
  } catch (error) {
    return { reason: `Signature by ${id}: ${error.message}.` };
  }
  const packet = (await result.signature).packets[0];
  const refusal = packet === void 0 ? { reason: "no signature packet" } : flaw(packet, check.now);
  if (refusal !== void 0)
    return { ...refusal, reason: `Signature by ${id}: ${refusal.reason}.` };
  try {
    await key.getSigningKey(result.keyID, check.now);
  } catch (error) {
    return { reason: `Key ${id}: ${error.message}.`, clock: true };
  }
  return key.getFingerprint().toUpperCase();
}
var strongHashes = /* @__PURE__ */ new Set([8, 9, 10, 12, 14]);
function flaw(packet, now) {
  if (!strongHashes.has(packet.hashAlgorithm)) return { reason: "its hash algorithm is too weak" };
  const created = packet.created?.getTime() ?? Number.POSITIVE_INFINITY;
  if (created > now.getTime() + clockSkewSeconds * 1e3) {
    return {
      reason: `it is from the future, ${packet.created?.toISOString()}, while this machine's clock says ${now.toISOString()}`,
      clock: true
    };
  }
  const expires = packet.getExpirationTime();
  if (expires instanceof Date && expires <= now) {
    return { reason: `it expired on ${expires.toISOString()}`, clock: true };
  }
  return void 0;
}
function untrusted(error, what) {
  if (error instanceof MkbaseError) return error;
  return new MkbaseError({
    code: "SOURCE_UNTRUSTED",
    message: `The signature of ${what} cannot be read: ${error.message}`,
    hint: "Check that the mirror is the right one and that no proxy or login page answers in its place.",
    cause: error
  });
}

export {
  readKeyFiles,
  trustedKeys,
  clockSkewSeconds,
  verifyClearSigned,
  verifyDetached
};
//# sourceMappingURL=chunk-3JJWLCQN.js.map
