import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/commands/sign/ask-passphrase.ts
var enter = /[\r\n]/;
var ctrlC = "";
var ctrlD = "";
var erasers = ["\x7F", "\b"];
function typed(before, char) {
  if (char === ctrlC) {
    throw new MkbaseError({ code: "INTERRUPTED", message: "Stopped at the passphrase." });
  }
  if (enter.test(char) || char === ctrlD) return void 0;
  return erasers.includes(char) ? [...before].slice(0, -1).join("") : before + char;
}
async function askPassphrase(question) {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  try {
    let text = "";
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      for (const char of String(chunk)) {
        const next = typed(text, char);
        if (next === void 0) return text;
        text = next;
      }
    }
    return text;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}

export {
  askPassphrase
};
//# sourceMappingURL=chunk-WTD3O73R.js.map
