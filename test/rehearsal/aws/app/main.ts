import { App } from 'cdktf';
import { areaOf } from '../all-areas';
import { AREA, type AreaOptions, areaStack } from '../area';

const { name, ...options } = JSON.parse(process.env[AREA] ?? '{}') as AreaOptions & { name: string };
const app = new App();
areaOf(name).build(areaStack(app, name, options), options);
app.synth();
