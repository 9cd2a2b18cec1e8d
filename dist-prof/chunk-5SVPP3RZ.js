import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  askPassphrase
} from "./chunk-WTD3O73R.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/commands/sign/open-signer.ts
var forms = "--sign key=FILE, key=FILE,passphrase-file=FILE or keyless";
function parseSign(text) {
  if (text === "keyless") return { by: "identity" };
  const pairs = text.split(",").map((part) => part.split(/=(.*)/s, 2));
  const given = new Map(pairs.map(([name = "", value = ""]) => [name, value]));
  const key = given.get("key");
  const passphraseFile = given.get("passphrase-file");
  const known = (key ? 1 : 0) + (passphraseFile ? 1 : 0);
  if (key && known === pairs.length) {
    return { by: "key", key, ...passphraseFile !== void 0 && { passphraseFile } };
  }
  throw new MkbaseError({
    code: "USAGE",
    message: `--sign ${JSON.stringify(text)} says neither with which key to sign nor that it is keyless.`,
    hint: `Say ${forms}.`
  });
}
async function byKey({ key: file, passphraseFile }, env) {
  const [{ loadSigningKey }, { passphraseFrom }, { keySigner }] = await Promise.all([
    import("./signing-key-O7HDOTIV.js"),
    import("./passphrase-OOGMHC6L.js"),
    import("./sign-folder-LKUSMOGS.js")
  ]);
  const passphrase = passphraseFrom({
    environment: env.MKBASE_SIGN_PASSPHRASE,
    file: passphraseFile,
    ask: process.stdin.isTTY ? () => askPassphrase(`Passphrase of ${file}: `) : void 0
  });
  const key = await loadSigningKey(file, passphrase);
  const called = `the ${key.algorithm.name} key ${key.hint}`;
  return { sign: keySigner(key), called, dispose: async () => {
  } };
}
async function byIdentity(env, io) {
  const [{ keylessSigner }, { cacheFolder }, { openWorkspace }] = await Promise.all([
    import("./keyless-ZL767ILD.js"),
    import("./cache-folder-ZXWVIMIO.js"),
    import("./workspace-XSTBHEBJ.js")
  ]);
  const { folder, dispose } = await openWorkspace(`${cacheFolder(env)}/tmp`);
  return { sign: keylessSigner(folder, io), called: "an identity (keyless)", dispose };
}
var openSigner = (spec, env, io) => spec.by === "key" ? byKey(spec, env) : byIdentity(env, io);
async function withSigner(sign, env, io, use) {
  if (sign === void 0) return;
  const signer = await openSigner(parseSign(sign), env, io);
  try {
    await use(signer.sign);
  } finally {
    await signer.dispose();
  }
}

export {
  parseSign,
  openSigner,
  withSigner
};
//# sourceMappingURL=chunk-5SVPP3RZ.js.map
