import { expect, test } from 'vitest';
import { createMeter, meterParts } from '../../src/ui/rate.ts';

test('a meter that was told nothing reads nothing', () => {
  expect(createMeter().read(0)).toBeUndefined();
});

test('no rate is claimed before there is enough to tell', () => {
  const meter = createMeter();
  meter.add({ done: 0, total: 1000 }, 0);
  meter.add({ done: 900, total: 1000 }, 100);
  expect(meter.read(100)?.rate).toBeUndefined();
});

test('the rate is that of the last seconds, not of the whole time', () => {
  const meter = createMeter();
  for (let second = 0; second <= 10; second++) meter.add({ done: second * 100 }, second * 1000);
  for (let second = 11; second <= 20; second++) {
    meter.add({ done: 1000 + (second - 10) * 5000 }, second * 1000);
  }
  const { rate = 0 } = meter.read(20_000) ?? {};
  expect(rate).toBeGreaterThan(4900);
  expect(rate).toBeLessThanOrEqual(5000);
});

test('the rate falls while nothing comes', () => {
  const meter = createMeter();
  meter.add({ done: 0 }, 0);
  meter.add({ done: 1000 }, 1000);
  expect(meter.read(1000)?.rate).toBe(1000);
  expect(meter.read(10_000)?.rate).toBe(100);
});

test('a download that starts over starts its rate over', () => {
  const meter = createMeter();
  meter.add({ done: 5000 }, 0);
  meter.add({ done: 0 }, 1000);
  meter.add({ done: 100 }, 2000);
  expect(meter.read(2000)?.rate).toBe(100);
});

test('sizes, rate and time left are shown as far as they are known', () => {
  expect(meterParts({ done: 5_000_000, total: undefined, rate: undefined })).toEqual(['5.0 MB']);
  expect(meterParts({ done: 5e6, total: 65e6, rate: 30e6 })).toEqual([
    '5.0/65.0 MB',
    '30 MB/s',
    '2 s left',
  ]);
  expect(meterParts({ done: 65e6, total: 65e6, rate: 30e6 })).toEqual(['65.0/65.0 MB', '30 MB/s']);
});
