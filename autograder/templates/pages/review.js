// The reviewer's desk: what is shown comes from the server, and every mark goes there at once.
(() => {
  /** @typedef {{id: string, seen: string}} Member */

  /**
   * @template {HTMLElement} T
   * @param {string} id
   * @param {new () => T} kind
   */
  function part(id, kind) {
    const found = document.getElementById(id);
    if (!(found instanceof kind)) throw new Error(`no ${id}`);
    return found;
  }

  /** @param {string} id */
  const any = (id) => part(id, HTMLElement);
  const comment = part("comment", HTMLTextAreaElement);
  const exact = part("points", HTMLInputElement);
  const together = part("alike", HTMLInputElement);
  const listen = part("listen", HTMLInputElement);
  const questions = part("questions", HTMLSelectElement);
  const keys = part("keys", HTMLDialogElement);

  const opened = location.hash.slice(1);
  if (opened) {
    sessionStorage.setItem("token", opened);
    history.replaceState(null, "", location.pathname); // a screen that is shared shows no token
  }

  /** @type {any} */
  let state = { questions: [], groups: [], left: {}, undo: null, question: null };
  /** @type {any} */
  let work = null;
  let [place, member, reused] = [0, 0, -1];
  let busy = false;

  /**
   * Ask the server; what it refuses is an error with its words and status.
   * @param {string} path
   * @param {object} [document]
   */
  async function ask(path, document) {
    const headers = { Authorization: `Bearer ${sessionStorage.getItem("token")}` };
    const json = { ...headers, "Content-Type": "application/json" };
    const request = document
      ? { method: "POST", headers: json, body: JSON.stringify(document) }
      : { headers };
    const answer = await fetch(path, request).catch(() => {
      const lost =
        "The server does not answer. What was marked is kept; start it again in the terminal.";
      throw new Error(lost);
    });
    const content = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(content.error), { status: answer.status });
    return content;
  }

  /**
   * An element with text in it; text never becomes markup.
   * @param {string} tag
   * @param {string} [name] its class
   * @param {...(string | Node)} inside
   */
  function element(tag, name = "", ...inside) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...inside);
    return made;
  }

  /** @param {string} text */
  function say(text) {
    any("said").textContent = text;
  }

  /** @param {string} text what is wrong; empty, if nothing is */
  function complain(text) {
    any("trouble").textContent = text;
    any("trouble").hidden = !text;
  }

  /**
   * Do one thing at a time; what goes wrong is shown, and what was typed stays.
   * @param {() => Promise<void>} action
   */
  async function once(action) {
    if (busy) return;
    busy = true;
    try {
      await action();
    } catch (error) {
      const trouble = /** @type {Error & {status?: number}} */ (error);
      if (trouble.status === 409) await load(state.question?.id).catch(() => {});
      complain(trouble.message);
    } finally {
      busy = false;
    }
  }

  /**
   * Load a question, else the first that waits.
   * @param {string} [question]
   * @param {string} [at] show the group of this submission first
   */
  async function load(question, at) {
    const query = question ? `?question=${encodeURIComponent(question)}` : "";
    state = await ask(`state${query}`);
    const group = state.groups.findIndex((/** @type {Member[]} */ g) => g.some((m) => m.id === at));
    [place, member, reused] = [Math.max(group, 0), 0, -1];
    await show();
  }

  /** Show what is at hand: the group, the question, the counts. */
  async function show() {
    complain("");
    const group = state.groups[place];
    work = group
      ? await ask(
          `work?${new URLSearchParams({ question: state.question.id, id: group[member].id })}`,
        )
      : null;
    if (work && work.seen !== group[member].seen) {
      await load(state.question.id);
      complain("This was marked elsewhere or graded again meanwhile; it is shown as it is now.");
      return;
    }
    showCounts();
    any("desk").hidden = !work;
    any("nothing").hidden = Boolean(work);
    any("nothing").textContent = nothing();
    if (!work) return;
    showQuestion();
    showWork(group);
    showChoices();
    showComments();
  }

  function nothing() {
    const [next] = Object.keys(state.left);
    if (!next)
      return "Nothing waits any more. Ctrl-C in the terminal ends and writes the marks into the reports.";
    return "Nothing of this question waits any more. J or Next goes on with the next one.";
  }

  function showCounts() {
    const left = Object.values(state.left).reduce((sum, count) => sum + count, 0);
    const total = left + state.written;
    any("progress").textContent = state.decides
      ? `${left} disagreements left`
      : `${left} of ${total} left`;
    any("reviewer").textContent = state.decides ? `${state.reviewer} decides` : state.reviewer;
    questions.replaceChildren(
      ...state.questions.map((/** @type {any} */ each) => {
        const disputed = each.disputed && !state.decides ? `, ${each.disputed} disagree` : "";
        const label = `${each.id} (${state.left[each.id] ?? 0}${disputed}): ${each.title}`;
        return new Option(label, each.id, false, each.id === state.question?.id);
      }),
    );
    const undo = part("undo", HTMLButtonElement);
    undo.disabled = !state.undo;
    undo.title = state.undo ? state.undo.says : "";
  }

  function showQuestion() {
    const { title, task, possible, text, levels } = state.question;
    any("title").textContent = title;
    any("about").textContent = [task, `${possible} ${possible === "1" ? "point" : "points"}`]
      .filter(Boolean)
      .join(", ");
    any("words").textContent = text === title ? "" : text;
    const shown = state.question.choices.some((/** @type {any} */ c) => c.text) ? [] : levels;
    any("levels").replaceChildren(
      ...shown.flatMap((/** @type {any} */ level) => [
        element("dt", "", level.name),
        element("dd", "", level.text),
      ]),
    );
  }

  /** @param {Member[]} group */
  function showWork(group) {
    const several = group.length > 1;
    any("place").textContent =
      `${place + 1} of ${state.groups.length}` + (several ? `: ${group.length} alike` : "");
    any("members").hidden = any("together").hidden = !several;
    any("member").textContent = `${member + 1} of ${group.length} alike`;
    any("how-many").textContent = `Mark all ${group.length} together`;
    const functions = work.functions.map(codeOf);
    const prose = work.text ? [element("div", "prose", work.text)] : [];
    const missing = work.elsewhere
      ? [element("p", "", `Not in the results; look into the submission: ${work.elsewhere}`)]
      : [];
    any("shown").replaceChildren(...functions, ...prose, ...missing);
    any("shown")[functions.length ? "before" : "after"](any("noted")); // code is long
    const noted = work.noted.map((/** @type {string} */ text) => element("li", "lines", text));
    const earlier = work.earlier.map((/** @type {any} */ note) => {
      const when = note.stale ? ", before the work changed" : "";
      return element("li", "lines", `${note.reviewer}${when}: ${note.given} ${note.comment}`);
    });
    any("noted").replaceChildren(
      ...(noted.length
        ? [element("h3", "", "Noted by the machine"), element("ul", "", ...noted)]
        : []),
      ...(earlier.length
        ? [element("h3", "", "Said by reviewers"), element("ul", "", ...earlier)]
        : []),
    );
  }

  /** @param {any} code */
  function codeOf(code) {
    const lines = code.lines.flatMap((/** @type {any} */ line) => [
      element("span", "line", element("i", "", String(line.number)), line.text),
      ...line.notes.map((/** @type {string} */ note) => element("span", "note", note)),
    ]);
    const shown = element("pre", "code", ...lines);
    shown.tabIndex = 0;
    shown.setAttribute("role", "region");
    shown.setAttribute("aria-label", `Code of ${code.name}`);
    const more = code.left_out ? [element("p", "small quiet", `${code.left_out} more lines.`)] : [];
    const remarks = code.elsewhere.map((/** @type {string} */ text) => element("li", "", text));
    const title = element("h3", "", element("code", "", code.name), ` in ${code.file}`);
    return element("div", "", title, shown, ...more, element("ul", "", ...remarks));
  }

  function showChoices() {
    const keep = { mark: "keep", name: "as measured", points: work.measured, text: "" };
    const choices = [...state.question.choices, ...(work.keeps ? [keep] : [])];
    any("choices").replaceChildren(
      ...choices.map((choice, number) => {
        const key = choice.mark === "keep" ? "m" : String(number + 1);
        const button = element(
          "button",
          "",
          element("kbd", "", key),
          element("span", "", choice.name),
          element("span", "number", choice.points),
          ...(choice.text ? [element("span", "means", choice.text)] : []),
        );
        button.setAttribute("type", "button");
        button.dataset.key = key;
        button.addEventListener("click", () => once(() => give(choice.mark)));
        return element("li", "", button);
      }),
    );
    exact.setAttribute("aria-label", `Points, 0 to ${state.question.possible}`);
  }

  function showComments() {
    const earlier = state.question.comments;
    any("reuse-hint").hidden = !earlier.length;
    any("reuse").replaceChildren(
      ...earlier.map((/** @type {string} */ text) => {
        const button = element("button", "", text);
        button.setAttribute("type", "button");
        button.addEventListener("click", () => {
          comment.value = text;
        });
        return element("li", "", button);
      }),
    );
  }

  /**
   * Give a mark to the group, or to the one that is shown.
   * @param {string} mark
   */
  async function give(mark) {
    const group = /** @type {Member[]} */ (state.groups[place]);
    if (!group) return;
    const chosen = together.checked ? group : [group[member]];
    const seen = Object.fromEntries(chosen.map((each) => [each.id, each.seen]));
    const text = comment.value.trim();
    const question = state.question.id;
    let after;
    try {
      after = await ask("mark", { question, seen, mark, comment: text });
    } catch (error) {
      const { status, message } = /** @type {Error & {status?: number}} */ (error);
      if (status === 500) await load(question, chosen[0].id); // a part of them may be written
      throw Object.assign(new Error(message), { status });
    }
    if (text && !state.question.comments.includes(text)) state.question.comments.push(text);
    Object.assign(state, after);
    const rest = group.filter((each) => !chosen.includes(each));
    state.groups.splice(place, 1, ...(rest.length ? [rest] : []));
    place = Math.min(place, Math.max(state.groups.length - 1, 0));
    [member, reused] = [0, -1];
    comment.value = exact.value = "";
    const counted = chosen.length > 1 ? ` for ${chosen.length} alike` : "";
    const [next] = Object.keys(state.left);
    if (!state.groups.length && next) await load(next);
    else await show();
    say(`Marked ${mark}${counted}. ${any("progress").textContent}.`);
    any(work ? "place" : "questions").focus();
  }

  async function undo() {
    if (!state.undo) return;
    const after = await ask("undo", { number: state.undo.number });
    await load(after.question, after.id);
    say(`Taken back. ${any("progress").textContent}.`);
  }

  /** @param {number} step */
  async function go(step) {
    const names = Object.keys(state.left);
    const here = names.indexOf(state.question?.id);
    const next = place + step;
    if (state.groups[next]) {
      [place, member, reused] = [next, 0, -1];
      await show();
    } else if (names[here + step]) {
      await load(names[here + step]);
      if (step < 0) {
        place = Math.max(state.groups.length - 1, 0);
        await show();
      }
    } else {
      say(step > 0 ? "This is the last one." : "This is the first one.");
      return;
    }
    any(work ? "place" : "questions").focus();
  }

  /** @param {number} step */
  async function look(step) {
    const group = state.groups[place] ?? [];
    if (!group[member + step]) return;
    member += step;
    await show();
    say(any("member").textContent ?? "");
  }

  function reuse() {
    const earlier = state.question?.comments ?? [];
    if (!earlier.length) return;
    reused = (reused + 1) % earlier.length;
    comment.value = earlier[reused];
    say(`Comment: ${comment.value}`);
  }

  /** @type {Record<string, () => void>} */
  const actions = {
    j: () => once(() => go(1)),
    k: () => once(() => go(-1)),
    "]": () => once(() => look(1)),
    "[": () => once(() => look(-1)),
    u: () => once(undo),
    c: () => comment.focus(),
    p: () => exact.focus(),
    q: () => questions.focus(),
    r: reuse,
    e: () => together.click(),
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.matches("textarea, select, input[type=text]");
    if (typing && event.key === "Escape") any("place").focus();
    if (typing || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!listen.checked && event.key !== "?") return;
    const choice = document.querySelector(`#choices [data-key="${CSS.escape(event.key)}"]`);
    const action = choice instanceof HTMLElement ? () => choice.click() : actions[event.key];
    if (!action || (choice && event.repeat)) return;
    event.preventDefault();
    action();
  });

  for (const [id, key] of Object.entries({
    next: "j",
    previous: "k",
    undo: "u",
    help: "?",
    before: "[",
    after: "]",
  }))
    any(id).addEventListener("click", actions[key]);
  questions.addEventListener("change", () => once(() => load(questions.value)));
  any("exact").addEventListener("submit", (event) => {
    event.preventDefault();
    once(() => give(exact.value));
  });
  once(() => load());
})();
