"""Writing about an expert of this book: the form, the draft behind it, the proof, and the signature."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest
from accounts.models import FormerHandle, User
from directory.models import Expert, State
from referrals.access import KEPT, kept_words, writers_only
from referrals.forms.words import RecommendationForm, typed, typed_once
from referrals.models import BudgetSpent, Draft, NotPossible, Recommendation

PUBLIC = (State.LISTED, State.RESTING)
FORM_ACTS = {"form": "recommend", "draft": "keep_draft", "forget": "forget_draft"}


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def recommend(request: SignedInRequest, handle: str) -> HttpResponse:
    """The three questions. A good answer leads to the proof; nothing is signed here."""
    expert = recommendable(request.user, handle)
    if expert is None:
        return moved(handle)
    if expert.pk == request.user.pk:
        return render(request, "referrals/yourself.html", {"expert": expert}, status=403)
    return write_down(request, expert) if request.method == "POST" else ask(request, expert)


def write_down(request: SignedInRequest, expert: Expert) -> HttpResponse:
    """Keep what was typed, whatever it is, then look at it."""
    words = typed(request.POST)
    Draft.objects.keep(author=request.user, expert=expert, words=words)
    request.session.pop(KEPT, None)
    form = RecommendationForm(words, author=request.user, expert=expert)
    if form.is_valid():
        return redirect("referrals:proof", expert.member.handle)
    return form_page(request, form, expert=expert, signed=signed_by(request.user, expert), status=422)


def ask(request: SignedInRequest, expert: Expert) -> HttpResponse:
    """The form with what is there already: an ended session's words, a draft, what was signed before."""
    signed, kept = signed_by(request.user, expert), kept_words(request)
    draft = Draft.objects.of(author=request.user, expert=expert)
    if signed and not (kept or draft or signed.sent_back_at or "rewrite" in request.GET):
        return render(request, "referrals/already.html", {"expert": expert, "recommendation": signed})
    begun = kept or (draft.words if draft else typed_once(signed) if signed else only_category(expert))
    form = RecommendationForm(author=request.user, expert=expert, initial=begun)
    return form_page(request, form, expert=expert, signed=signed, draft=draft)


def form_page(
    request: SignedInRequest,
    form: RecommendationForm,
    *,
    expert: Expert,
    signed: Recommendation | None,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "expert": expert,
        "draft": draft,
        "note": signed.sent_back_note if signed and signed.sent_back_at else "",
        "signed": signed,
        "spent": spent(request.user, expert),
        "mutual": recommends(expert.member, request.user),
        **{f"{act}_url": reverse(f"referrals:{name}", args=[expert.member.handle]) for act, name in FORM_ACTS.items()},
    }
    return render(request, "referrals/recommend.html", context, status=status)


@require_POST
@writers_only
def keep_draft(request: SignedInRequest, handle: str) -> HttpResponse:
    """Save and finish later: by its button, and by the page itself every twenty seconds."""
    expert = writable(request.user, handle)
    draft = Draft.objects.keep(author=request.user, expert=expert, words=typed(request.POST))
    return draft_kept(request, draft)


def draft_kept(request: SignedInRequest, draft: Draft | None) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "referrals/_saved.html", {"draft": draft})
    messages.success(request, "Saved. You find it here when you want to go on.")
    return redirect("referrals:given")


@require_POST
@writers_only
def forget_draft(request: SignedInRequest, handle: str) -> HttpResponse:
    """Throw the draft away. What was signed stays as it is."""
    request.user.drafts.filter(expert=writable(request.user, handle)).delete()
    messages.success(request, "Thrown away.")
    return redirect("referrals:given")


@require_safe
@writers_only
def proof(request: SignedInRequest, handle: str) -> HttpResponse:
    """What will be printed, exactly as it will be printed."""
    expert = writable(request.user, handle)
    draft = Draft.objects.of(author=request.user, expert=expert)
    form = RecommendationForm(draft.words if draft else {}, author=request.user, expert=expert)
    if draft is None or not form.is_valid():
        return redirect("referrals:recommend", handle)
    recommendation = Recommendation.as_proof(author=request.user, expert=expert, **form.words)
    recommendation.mutual = recommends(expert.member, request.user)
    context = {
        "recommendation": recommendation,
        "categories": form.cleaned_data["categories"],
        "thin": form.thin,
        "draft": draft,
        "form_url": reverse("referrals:recommend", args=[handle]),
        "sign_url": reverse("referrals:sign", args=[handle]),
        "spent": spent(request.user, expert),
    }
    return render(request, "referrals/proof.html", context)


@require_POST
@writers_only
def sign(request: SignedInRequest, handle: str) -> HttpResponse:
    """Put one's name to what the proof showed."""
    expert = writable(request.user, handle)
    draft = Draft.objects.of(author=request.user, expert=expert)
    if draft is None:  # signed a moment ago, by the same button
        done = signed_by(request.user, expert)
        return redirect(done or reverse("referrals:recommend", args=[handle]))
    form = RecommendationForm(draft.words, author=request.user, expert=expert)
    if not form.is_valid() or request.POST.get("seen") != draft.fingerprint:
        messages.warning(request, "Your words changed since you read them. Read them once more, then sign.")
        return redirect("referrals:proof", handle)
    try:
        signed = Recommendation.objects.sign(
            author=request.user, expert=expert, categories=form.cleaned_data["categories"], **form.words
        )
    except NotPossible as no:
        messages.error(request, str(no))
        return redirect("referrals:proof", handle)
    return redirect(signed)


def recommendable(author: User, handle: str) -> Expert | None:
    """The expert as far as this member may know of them: in print or resting, else only by own words about them.
    None when the address leads nowhere."""
    expert = Expert.objects.with_member().by_handle(handle).first()
    if expert is None or expert.pk == author.pk or expert.state in PUBLIC:
        return expert
    knows = signed_by(author, expert) or Draft.objects.of(author=author, expert=expert)
    return expert if knows else None


def writable(author: User, handle: str) -> Expert:
    expert = recommendable(author, handle)
    if expert is None or expert.pk == author.pk:
        raise Http404
    return expert


def moved(handle: str) -> HttpResponse:
    former = FormerHandle.objects.select_related("user").filter(handle=handle.lower()).first()
    if former is None or not Expert.objects.filter(pk=former.user_id, state__in=PUBLIC).exists():
        raise Http404
    return redirect("referrals:recommend", former.user.handle, permanent=True)


def signed_by(author: User, expert: Expert) -> Recommendation | None:
    """What this author has signed about this expert, and knows to be about them: words sent to an address do not tell
    whose it is."""
    found: Recommendation | None = Recommendation.objects.by_author(author).for_author().filter(expert=expert).first()
    return None if found is not None and found.veiled else found


def recommends(author: User, subject: User) -> bool:
    return bool(Recommendation.objects.by_author(author).shown().filter(expert_id=subject.pk).exists())


def spent(author: User, expert: Expert | None) -> str:
    """Why nothing more can be signed today, or ""."""
    try:
        Recommendation.objects.check_budget(author=author, expert=expert)
    except BudgetSpent as no:
        return str(no)
    return ""


def only_category(expert: Expert) -> dict[str, list[str]]:
    """Where there is one thing to tick it is ticked."""
    chosen = [str(category.pk) for category in expert.categories]
    return {"categories": chosen} if len(chosen) == 1 else {}
