#!/usr/bin/env node
import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  cacheFolder
} from "./chunk-IHKPDGEV.js";
import "./chunk-UUGQRNDH.js";

// src/cli.ts
import * as nodeModule from "node:module";
import { join } from "node:path";
var { enableCompileCache } = nodeModule;
enableCompileCache?.(join(cacheFolder(process.env), "node"));
var { main } = await import("./main-ACHGRFNI.js");
await main(process.argv.slice(2));
//# sourceMappingURL=cli.js.map
