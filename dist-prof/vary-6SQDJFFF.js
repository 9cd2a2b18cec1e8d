import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  probeEngines
} from "./chunk-6WVFUWIS.js";
import {
  engineName
} from "./chunk-E6FI3J5L.js";
import {
  runCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  openWorkspace
} from "./chunk-Z5JDSP4X.js";
import {
  removeTree
} from "./chunk-KLTWRJAM.js";
import {
  layLock
} from "./chunk-32KIXQ4W.js";
import "./chunk-I6MMUKOT.js";
import "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import {
  digestCheck,
  digestNames
} from "./chunk-6VRBH5D2.js";
import {
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
import "./chunk-PSUK6IL3.js";
import "./chunk-XTZ2QZAO.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-7GNR7Y6C.js";
import "./chunk-WR7GHE6V.js";
import {
  cacheFolder
} from "./chunk-IHKPDGEV.js";
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
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import {
  interrupted
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/pipeline/rebuild/vary.ts
import { chown, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// src/pipeline/rebuild/variations.ts
var inShell = (first) => ["sh", "-c", `${first}; exec "$@"`, "sh"];
var variations = [
  {
    how: "with strange environment variables",
    reason: "What prints or sorts its environment would show it.",
    env: { CAPTURE_ENVIRONMENT: "I capture the environment", USER: "somebody", LOGNAME: "else" }
  },
  {
    how: "with a home folder that is not there",
    reason: "Settings in it, or its path, could get into a file.",
    env: { HOME: "/nonexistent/second-build" }
  },
  {
    how: "twelve hours behind (TZ=GMT+12)",
    reason: "A local time is another, and often another day.",
    env: { TZ: "GMT+12" }
  },
  {
    how: "fourteen hours ahead (TZ=GMT-14)",
    reason: "The same, on the other side.",
    env: { TZ: "GMT-14" }
  },
  {
    how: "in Estonian (et_EE.UTF-8)",
    reason: "Messages, numbers and sort order differ: Estonian has z before t.",
    env: { LANG: "et_EE.UTF-8", LC_ALL: "et_EE.UTF-8", LANGUAGE: "et" }
  },
  {
    how: "with umask 0002",
    reason: "Files are made that others of the group may write.",
    wrap: inShell("umask 0002")
  },
  {
    how: "in another folder",
    reason: "Paths get into debug information and archives.",
    otherFolder: true
  },
  {
    how: "on one core",
    reason: "What runs side by side ends in another order.",
    wrap: ["taskset", "--cpu-list", "0"]
  },
  {
    how: "without address space randomisation",
    reason: "Tables of pointers are walked in another order.",
    wrap: ["setarch", "--addr-no-randomize"]
  },
  {
    how: "on a kernel that calls itself 2.6",
    reason: "uname(2) gets into files, and configure scripts look at it.",
    wrap: ["setarch", "--uname-2.6"]
  },
  {
    how: "on a host of another name",
    reason: "Build logs and certificates like to hold it.",
    wrap: ["unshare", "--uts", ...inShell("hostname some-other-host")],
    rootOnly: true
  },
  {
    how: "540 days ago",
    reason: "The clock gets into times, versions and certificates.",
    wrap: ["faketime", "-f", "-540d"]
  },
  {
    how: "540 days ahead",
    reason: "The same, and some things have expired by then.",
    wrap: ["faketime", "-f", "+540d"]
  },
  {
    how: "with docker",
    reason: "Another engine has another storage driver and other limits.",
    engine: engineName.docker
  },
  { how: "with podman", reason: "The same.", engine: "podman" },
  { how: "without a daemon", reason: "The same.", engine: "namespace" },
  {
    how: "with an empty store",
    reason: "Every input is fetched and every builder made anew.",
    coldStore: true
  },
  {
    how: "as user nobody, without a daemon",
    reason: "Owners, permissions and what only root may do differ.",
    wrap: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"],
    engine: "namespace",
    coldStore: true,
    otherUser: true,
    rootOnly: true
  }
];

// src/pipeline/rebuild/vary.ts
var nobody = 65534;
async function engineProblem({ engine }, { invocation }, io) {
  if (engine === void 0) return void 0;
  const probe = (await probeEngines(cacheFolder(invocation.env), io)).find(
    ({ name }) => name === engine
  );
  return probe === void 0 || probe.ok ? void 0 : probe.reason;
}
async function obstacle({ variation, options, host, io }) {
  const { wrap, rootOnly, coldStore } = variation;
  if (rootOnly && process.getuid?.() !== 0) return "only root can do that";
  if (coldStore && options.offline && options.inputs === void 0) {
    return "it needs the network, or a bundle of inputs (--inputs)";
  }
  if (wrap === void 0) return engineProblem(variation, host, io);
  const [file = "", ...args] = [...wrap, "true"];
  const { ok, notFound, stderr, problem } = await runCommand({ file, args, signal: io.signal });
  if (ok) return engineProblem(variation, host, io);
  return notFound ? `${file} is not installed` : stderr.trim() || problem;
}
function buildArguments({ variation, out, plan, options }) {
  const { mirror, offline, inputs } = options;
  return [
    ...["build", plan.recipe, "--frozen", "--no-test", "--json", "--progress", "plain"],
    ...["--platform", plan.lock.platform, "--engine", variation.engine ?? options.engine],
    ...["--output", "type=oci", "--out", out],
    ...plan.allow.flatMap((each) => ["--allow", each]),
    ...mirror === void 0 ? [] : ["--mirror", mirror],
    ...offline ? ["--offline"] : [],
    ...inputs === void 0 ? [] : ["--inputs", inputs]
  ];
}
function environment({ variation, folder, plan, host }) {
  const { env } = host.invocation;
  return {
    XDG_CACHE_HOME: variation.coldStore ? join(folder, "cache") : join(cacheFolder(env), ".."),
    SOURCE_DATE_EPOCH: plan.epoch,
    DOCKER_CONFIG: env.DOCKER_CONFIG ?? (env.HOME && join(env.HOME, ".docker")),
    ...variation.otherUser && { HOME: folder, TMPDIR: folder },
    ...variation.env
  };
}
var messageIn = (stderr) => /^error: (.*?)(?:\nhint:|\ncode:|$(?![\s\S]))/ms.exec(stderr)?.[1]?.replaceAll(/\s+/g, " ");
async function build(attempt) {
  const { variation, out, plan, host, io } = attempt;
  await mkdir(out, { recursive: true });
  await layLock(plan, out, host.invocation.cwd);
  if (variation.otherUser) await chown(out, nobody, nobody);
  const words = [...host.program, ...buildArguments(attempt)];
  const [file = "", ...args] = [...variation.wrap ?? [], ...words];
  const started = { file, args, env: environment(attempt), signal: io.signal };
  const result = await runCommand(started);
  if (io.signal.aborted) throw interrupted(io.signal);
  if (result.ok) return JSON.parse(result.stdout);
  return `the build failed: ${messageIn(result.stderr) ?? result.problem}`;
}
async function check(attempt) {
  const { variation, plan } = attempt;
  const how = `a rebuild ${variation.how}`;
  const skipped = await obstacle(attempt);
  const printed = skipped ?? await build(attempt);
  if (typeof printed === "string") return { what: how, mismatches: [], skipped: printed };
  const claims = recordedDigests(plan.provenance);
  const rebuilt = { manifest: printed.manifestDigest, layer: printed.diffId };
  const digests = digestNames.filter((name) => name !== "config").map((name) => ({ name, claimed: claims[name], rebuilt: rebuilt[name] }));
  return digestCheck(how, digests);
}
async function openFolder({ otherUser }, cache) {
  if (!otherUser || process.getuid?.() !== 0) return openWorkspace(join(cache, "tmp"));
  const folder = await mkdtemp(join(tmpdir(), "mkbase-vary-"));
  await chown(folder, nobody, nobody);
  return {
    folder,
    dispose: async () => {
      await removeTree(folder);
    }
  };
}
async function vary(plan, options, host, io) {
  const checks = [];
  const title = `Building again under ${variations.length} variations`;
  io.emit({ type: "stage-start", stage: "build", title });
  for (const variation of variations) {
    io.emit({ type: "log", stage: "build", line: `${variation.how}. ${variation.reason}` });
    const { folder, dispose } = await openFolder(variation, cacheFolder(host.invocation.env));
    try {
      const deep = variation.otherFolder ? join(folder, "another folder", "deeper") : folder;
      const attempt = { variation, folder, out: join(deep, "out"), plan, options, host, io };
      checks.push(await check(attempt));
    } finally {
      await dispose();
    }
  }
  io.emit({ type: "stage-done", stage: "build" });
  return checks;
}
export {
  vary
};
//# sourceMappingURL=vary-6SQDJFFF.js.map
