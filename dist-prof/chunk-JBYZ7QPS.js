import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  refuseImage
} from "./chunk-6O7GCZRG.js";
import {
  isRecord
} from "./chunk-IIMGXTQ4.js";

// src/image/process-config.ts
var nanosecondsIn = { ms: 1e6, s: 1e9, m: 6e10, h: 36e11 };
function nanoseconds(duration) {
  const unit = duration.replace(/^[0-9]+/, "");
  return Number.parseInt(duration, 10) * nanosecondsIn[unit];
}
var seconds = (duration) => nanoseconds(duration) / 1e9;
var recipeLabel = "mkbase.recipe";
var toSet = (keys) => Object.fromEntries(keys.map((key) => [key, {}]));
var toPort = (port) => port.includes("/") ? port : `${port}/tcp`;
function toHealthcheck({ test, interval, timeout, startPeriod, retries }) {
  return {
    Test: ["CMD", ...test],
    ...interval && { Interval: nanoseconds(interval) },
    ...timeout && { Timeout: nanoseconds(timeout) },
    ...startPeriod && { StartPeriod: nanoseconds(startPeriod) },
    ...retries && { Retries: retries }
  };
}
function toImageConfig(settings, recipe) {
  const { entrypoint = [], cmd = [], expose, volumes, healthcheck } = settings;
  const env = Object.entries(settings.env).map(([name, value]) => `${name}=${value}`);
  return {
    ...settings.user && { User: settings.user },
    ...expose.length > 0 && { ExposedPorts: toSet(expose.map(toPort)) },
    ...env.length > 0 && { Env: env },
    ...entrypoint.length > 0 && { Entrypoint: entrypoint },
    ...cmd.length > 0 && { Cmd: cmd },
    ...volumes.length > 0 && { Volumes: toSet(volumes) },
    ...settings.workdir && { WorkingDir: settings.workdir },
    Labels: { ...settings.labels, [recipeLabel]: recipe },
    ...settings.stopsignal && { StopSignal: settings.stopsignal },
    ...healthcheck && { Healthcheck: toHealthcheck(healthcheck) }
  };
}
var isText = (value) => typeof value === "string";
function readProcessConfig({ config = {} }, source) {
  if (!isRecord(config)) return refuseImage(source, "its config is no object");
  const list = (key) => {
    const value = config[key] ?? void 0;
    if (value === void 0) return {};
    if (Array.isArray(value) && value.every(isText)) return { [key]: value };
    return refuseImage(source, `${key} is no list of texts`);
  };
  const text = (key) => {
    const value = config[key] ?? void 0;
    if (value === void 0) return {};
    return isText(value) ? { [key]: value } : refuseImage(source, `${key} is no text`);
  };
  return {
    ...list("Entrypoint"),
    ...list("Cmd"),
    ...list("Env"),
    ...text("WorkingDir"),
    ...text("User")
  };
}

export {
  seconds,
  recipeLabel,
  toImageConfig,
  readProcessConfig
};
//# sourceMappingURL=chunk-JBYZ7QPS.js.map
