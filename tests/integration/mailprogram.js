// What each script that runs in Thunderbird begins with. First the account hub, seen through its shadow roots.
const root = () => document.querySelector("account-hub-container").shadowRoot;
const all = (selector, within = root()) => [
  ...within.querySelectorAll(selector),
  ...[...within.querySelectorAll("*")].flatMap(one => one.shadowRoot ? all(selector, one.shadowRoot) : []),
];
const one = selector => all(selector)[0];
const step = () => all(".account-hub-step").find(one => !one.hidden)?.id;
const fill = (field, value) => {
  field.value = value;
  for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, {bubbles: true}));
};
const until = async (question) => {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await question();
    if (answer) return answer;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`never came true: ${question}, at ${document.querySelector("account-hub-container") && step()}`);
};
const forward = async (from) => {
  await until(() => !one("#forward").disabled);
  one("#forward").click();
  return until(() => step() !== from && step());
};

// Then mail.
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const {NetUtil} = ChromeUtils.importESModule("resource://gre/modules/NetUtil.sys.mjs");
const reading = () => MailServices.accounts.allServers.find(one => one.type === "imap");
const textOf = uri => new Promise((resolve, reject) => {
  const pieces = [];
  const listener = {
    QueryInterface: ChromeUtils.generateQI(["nsIStreamListener"]),
    onStartRequest() {},
    onDataAvailable(_, stream, __, count) { pieces.push(NetUtil.readInputStreamToString(stream, count)); },
    onStopRequest(_, status) {
      Components.isSuccessCode(status) ? resolve(pieces.join("")) : reject(new Error(`not read: ${status}`));
    },
  };
  MailServices.messageServiceFromURI(uri).streamMessage(uri, listener, null, null, false, "", false);
});
const write = async (recipient, subject, text) => {
  const create = (kind, type) => Cc[`@mozilla.org/messengercompose/${kind};1`].createInstance(Ci[type]);
  const fields = create("composefields", "nsIMsgCompFields");
  Object.assign(fields, {to: recipient, subject, body: text});
  const params = create("composeparams", "nsIMsgComposeParams");
  params.composeFields = fields;
  params.format = Ci.nsIMsgCompFormat.PlainText;
  params.identity = MailServices.accounts.accounts.find(one => one.incomingServer === reading()).defaultIdentity;
  MailServices.compose.OpenComposeWindowWithParams(null, params);
  const window = await until(() => Services.wm.getMostRecentWindow("msgcompose"));
  await until(() => window.gWindowLoaded || window.composeEditorReady);
  window.goDoCommand("cmd_sendNow");
  await until(() => window.closed);
};
