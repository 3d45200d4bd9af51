#!/usr/bin/env node
import { run } from './program';

run(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});
