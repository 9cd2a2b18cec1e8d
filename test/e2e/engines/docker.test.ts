import { describe } from 'vitest';
import { stepContract } from './contract.ts';

describe('the docker engine', () => stepContract('docker'));
