// Loaded into a process that is measured: says at its end how much memory it held at most.
import { writeSync } from 'node:fs';

process.on('exit', () => writeSync(2, `peak-rss-kb=${process.resourceUsage().maxRSS}\n`));
