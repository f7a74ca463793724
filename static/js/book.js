// Comfort only: every page works without this file.
(() => {
  const say = (role, className) => {
    const note = document.createElement("p");
    note.className = className;
    note.setAttribute("role", role);
    return note;
  };

  // Buttons that do nothing without JavaScript are written hidden.
  for (const button of document.querySelectorAll("[data-js], [data-copy]")) button.hidden = false;

  // Copy link: <button type="button" data-copy="link" hidden>, where #link is a readonly field.
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const said = button.parentElement.appendChild(say("status", "meta"));
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = "Copied";
      } catch {
        field.select();
        said.textContent = "Press Ctrl and C to copy";
      }
    });
  }

  // Long answers: a counter from 80 % of the length on. Nothing typed or pasted is cut off.
  for (const area of document.querySelectorAll("textarea[maxlength]")) {
    const limit = area.maxLength;
    const count = say("status", "meta");
    area.removeAttribute("maxlength");
    area.after(count);
    const show = () => {
      const left = limit - area.value.length;
      const unit = Math.abs(left) === 1 ? "character" : "characters";
      count.textContent =
        left < 0 ? `${-left} ${unit} too many` : area.value.length > limit * 0.8 ? `${left} ${unit} left` : "";
    };
    area.addEventListener("input", show);
    show();
  }

  // Suggestions: <input data-suggest="found"> and a list #found of links, which htmx may replace at any time.
  // Down moves into the list, Up leaves it, Esc closes it; Enter in the field searches what is typed.
  for (const field of document.querySelectorAll("[data-suggest]")) {
    document.addEventListener("keydown", (event) => {
      const list = document.getElementById(field.dataset.suggest);
      if (!list || (event.target !== field && !list.contains(event.target))) return;
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(event.target);
      if (event.key === "Escape" && links.length) {
        list.replaceChildren();
        field.focus();
      } else if (event.key === "ArrowDown" && at + 1 < links.length) {
        links[at + 1].focus();
      } else if (event.key === "ArrowUp" && at >= 0) {
        (links[at - 1] || field).focus();
      } else {
        return;
      }
      event.preventDefault();
    });
  }

  // Esc closes the fold it is pressed in and gives the focus back to its summary.
  document.addEventListener("keydown", (event) => {
    const fold = event.key === "Escape" && !event.defaultPrevented && event.target.closest("details[open]");
    if (fold) {
      fold.open = false;
      fold.querySelector("summary").focus();
    }
  });

  // A passkey that was not given: allauth tells the console, we tell the person.
  document.addEventListener("allauth.error", (event) => {
    const note = say("alert", "note bad");
    note.append("Your device gave no passkey. Try again, or sign in another way.");
    document.querySelector("main h1").after(note);
    event.preventDefault();
  });

  // htmx: the old content stays and is marked busy. After 300 ms the empty <p class="wait" role="status">
  // that stands right before it says "Looking…".
  const waits = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail: { target, xhr } }) => {
    target.setAttribute("aria-busy", "true");
    const wait = target.previousElementSibling;
    if (wait?.matches(".wait")) {
      waits.set(xhr, [wait, setTimeout(() => (wait.textContent = "Looking…"), 300)]);
    }
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { target, xhr, successful } }) => {
    target.removeAttribute("aria-busy");
    if (waits.has(xhr)) {
      const [wait, timer] = waits.get(xhr);
      clearTimeout(timer);
      wait.textContent = "";
    }
    if (successful) document.getElementById(`${target.id}-failed`)?.remove();
  });

  // No answer: say so where the answer would have come, with a way to ask again.
  const failed = ({ detail: { target, elt, requestConfig, pathInfo } }) => {
    document.getElementById(`${target.id}-failed`)?.remove();
    const note = say("alert", "note bad");
    note.id = `${target.id}-failed`;
    note.append("No answer from the book. Your words are still here. ");
    const again = document.createElement(requestConfig.verb === "get" ? "a" : "button");
    if (requestConfig.verb === "get") again.href = pathInfo.finalRequestPath;
    else {
      again.type = "button";
      again.className = "btn quiet";
      again.addEventListener("click", () => window.htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt }));
    }
    again.append("Try again");
    note.append(again);
    target.after(note);
  };
  for (const event of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(event, failed);
  }
})();
