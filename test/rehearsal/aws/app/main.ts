import { App } from 'cdktf';
import { AREA, type Area, type AreaOptions, areaStack } from '../area';

const { name, ...options } = JSON.parse(process.env[AREA] ?? '{}') as AreaOptions & { name: string };
const app = new App();
const { area } = require(`../areas/${name}`) as { area: Area };
area.build(areaStack(app, name, options), options);
app.synth();
