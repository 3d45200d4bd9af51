import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { addressGroup, clientAddress } from '../../../model-server/src/security/client-address';

/** The address that is found for a connection from 10.0.0.9 with this header. */
function found(trusted: string[], forwardedFor?: string, remoteAddress = '10.0.0.9'): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return clientAddress(trusted)({ headers, socket: { remoteAddress } } as never);
}

describe('the address of a client', () => {
  it('is the connection’s own when no proxy is trusted, whatever the header says', () => {
    expect(found([], '1.2.3.4')).toBe('10.0.0.9');
  });

  it('is the one before the trusted proxies, and not what the client made up before that', () => {
    expect(found(['10.0.0.0/8'], '6.6.6.6, 1.2.3.4, 10.0.0.7')).toBe('1.2.3.4');
    expect(found(['uniquelocal'], '6.6.6.6, 1.2.3.4')).toBe('1.2.3.4');
    expect(found(['1'], '6.6.6.6, 1.2.3.4')).toBe('1.2.3.4');
    expect(found(['2'], '6.6.6.6, 1.2.3.4, 10.0.0.7')).toBe('1.2.3.4');
  });

  it('is the connection’s own when it does not come from a trusted proxy', () => {
    expect(found(['10.0.0.0/8'], '1.2.3.4', '8.8.8.8')).toBe('8.8.8.8');
  });

  it('is the connection’s own when the header holds no address', () => {
    for (const text of ['', 'unknown', '<script>', '1.2.3.4.5', '1.2.3.4:80'])
      expect(found(['1'], text)).toBe('10.0.0.9');
  });

  it('is an address whatever the header holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(5), (text, hops) => {
        expect(found([String(hops)], text)).toMatch(/^[\da-f.:]+$/i);
      }),
    );
  });

  it('fails when what is trusted is no address', () => {
    expect(() => clientAddress(['gateway'])).toThrow(/invalid IP address: gateway/);
    expect(() => clientAddress(['10.0.0.0/64'])).toThrow(/invalid range/);
  });
});

describe('what is counted as one address', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b:1::192.0.2.1', '64:ff9b:1:0::/64'],
  ])('of %s is %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });

  it('is the same for all addresses of a /64 network of IPv6, however they are written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(isIPv6(address)).toBe(true);
        // The URL parser writes an address in its one canonical way.
        const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
        if (!/^::ffff:/i.test(address) && !canonical.startsWith('::ffff:')) {
          expect(addressGroup(address)).toBe(addressGroup(canonical));
        }
      }),
    );
  });
});
