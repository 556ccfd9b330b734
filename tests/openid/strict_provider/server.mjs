// A strict OpenID provider for the tests. Arguments: port, the address people are sent back to, users as JSON.
import { Provider } from 'oidc-provider';

const [port, back, users] = process.argv.slice(2);
const known = JSON.parse(users);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'meetload', client_secret: 'a secret of the tests', redirect_uris: [back],
    response_types: ['code'], grant_types: ['authorization_code'],
  }],
  pkce: { required: () => true },
  claims: { openid: ['sub', 'groups', 'employee'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['only for tests'] },
  findAccount: (_, id) => (known[id] ? { accountId: id, claims: () => ({ sub: id, ...known[id] }) } : undefined),
});

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
