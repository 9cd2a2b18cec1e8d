import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  askPassphrase
} from "./chunk-WTD3O73R.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/sign/generate.ts
async function askTwice(file) {
  const first = await askPassphrase(`Passphrase for ${file} (empty for none): `);
  if (first === "" || first === await askPassphrase("The same again: ")) return first;
  throw new MkbaseError({
    code: "USAGE",
    message: "The two passphrases differ.",
    hint: "Run the same command again."
  });
}
async function generate(file, passphraseFile, { env, stdout }) {
  const [{ generateKey }, { passphraseFrom }] = await Promise.all([
    import("./generate-key-3EICMO3K.js"),
    import("./passphrase-OOGMHC6L.js")
  ]);
  const passphrase = await passphraseFrom({
    environment: env.MKBASE_SIGN_PASSPHRASE,
    file: passphraseFile,
    ask: process.stdin.isTTY ? () => askTwice(file) : void 0
  })();
  const { privateKey, publicKey } = await generateKey(file, passphrase || void 0);
  const kind = passphrase ? "encrypted" : "not encrypted";
  stdout.write(
    `${privateKey}  the private key (${kind}); keep it to yourself
${publicKey}  the public key, for whoever checks signatures
`
  );
  return 0;
}
export {
  generate
};
//# sourceMappingURL=generate-72QK5RHB.js.map
