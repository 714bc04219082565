// What the script of a step begins with: the account hub, seen through its shadow roots.
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
  throw new Error(`never came true: ${question} at ${step()}`);
};
const forward = async (from) => {
  await until(() => !one("#forward").disabled);
  one("#forward").click();
  return until(() => step() !== from && step());
};
