import { expect, test } from 'vitest';
import { cpuClass } from './cpu-class.ts';

test('names system and architecture, and stays the same', () => {
  const { cpu, model } = cpuClass();
  expect(cpu.startsWith(`${process.platform}-${process.arch} `)).toBe(true);
  expect(model).not.toBe('');
  expect(cpuClass().cpu).toBe(cpu);
});
