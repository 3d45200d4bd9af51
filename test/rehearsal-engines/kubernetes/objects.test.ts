import { OpenApi, objectOf, type Schema } from '@cdktf-recommender/rehearsal';

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const ref = (name: string): Schema => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] });
const fields = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });
const texts: Schema = { type: 'object', additionalProperties: text };

const openApi = new OpenApi([
  {
    components: {
      schemas: {
        Widget: {
          ...fields({ apiVersion: text, kind: text, metadata: ref('Meta'), spec: ref('WidgetSpec') }),
          'x-kubernetes-group-version-kind': [{ group: 'shop.example.com', version: 'v1', kind: 'WidgetBox' }],
        },
        WidgetList: {
          ...fields({ items: list(ref('Widget')) }),
          'x-kubernetes-group-version-kind': [{ group: 'shop.example.com', version: 'v1', kind: 'WidgetBoxList' }],
        },
        Meta: fields({ name: text, namespace: text, labels: texts }),
        WidgetSpec: fields({
          replicas: whole,
          containers: list(ref('Container')),
          policies: list(ref('Container')),
          targetPort: { format: 'int-or-string' },
          hostIP: text,
          emptyDir: fields({ sizeLimit: text }),
        }),
        Container: fields({ name: text, port: whole, ports: list(whole) }),
      },
    },
  },
]);

const widget = (configuration: object, values: object = configuration) =>
  objectOf(
    { type: 'kubernetes_widget_box_v1', configuration: { spec: configuration }, values: { spec: [values] } },
    openApi,
  ).spec;

describe('objectOf', () => {
  it('says what kind of object a resource is', () => {
    const metadata = { name: 'a', labels: { 'app.kubernetes.io/name': 'a' } };
    const values = { metadata: [{ ...metadata, uid: '1', generation: 2 }], id: 'x', wait_for_rollout: true };
    const configuration = { metadata, wait_for_rollout: true, lifecycle: { ignore_changes: [] } };
    expect(objectOf({ type: 'kubernetes_widget_box_v1', configuration, values }, openApi)).toEqual({
      apiVersion: 'shop.example.com/v1',
      kind: 'WidgetBox',
      metadata,
    });
  });

  it.each([
    [
      'a block that may be repeated',
      { container: [{ name: 'a' }, { name: 'b' }] },
      { containers: [{ name: 'a' }, { name: 'b' }] },
    ],
    ['a plural in -ies', { policy: [{ name: 'a' }] }, { policies: [{ name: 'a' }] }],
    ['a name that is there as it is, before its plural', { container: [{ port: 80 }] }, { containers: [{ port: 80 }] }],
    ['capitals', { host_ip: '10.0.0.1' }, { hostIP: '10.0.0.1' }],
    ['a block without fields', { empty_dir: {} }, { emptyDir: {} }],
    ['a number that Terraform has as text', { replicas: '2' }, { replicas: 2 }],
    ['text where a number or text may be', { target_port: 'http' }, { targetPort: 'http' }],
    ['a number where a number or text may be', { target_port: '8080' }, { targetPort: 8080 }],
    ['a percentage', { target_port: '25%' }, { targetPort: '25%' }],
  ])("has %s in the API server's terms", (_, spec, expected) => {
    expect(widget(spec)).toEqual(expected);
  });

  it('takes the values of expressions, and leaves out what the provider computed', () => {
    const configuration = { container: [{ name: `\${upper("a")}` }] };
    const values = { container: [{ name: 'A', port: 80 }], replicas: '1', host_ip: '' };
    expect(widget(configuration, values)).toEqual({ containers: [{ name: 'A' }] });
  });

  it('leaves out what has no value', () => {
    expect(widget({ replicas: null, host_ip: '10.0.0.1' })).toEqual({ hostIP: '10.0.0.1' });
  });

  it('fails when the API server has no such field, and says where and what there is', () => {
    expect(() => widget({ container: [{ colour: 'red' }] })).toThrow(
      'WidgetBox.spec.containers has no field for colour; it has name, port, ports',
    );
  });

  it('fails when the API server has no such kind', () => {
    const resource = { type: 'kubernetes_gadget_v1', configuration: {}, values: {} };
    expect(() => objectOf(resource, openApi)).toThrow('The API server has no kind for kubernetes_gadget_v1');
  });
});
