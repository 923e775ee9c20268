"""The words by which systems say how somebody stands with them, in the languages that they speak.

They are compared without case, accents, blanks and marks, so “Un-subscribed” is `unsubscribed`, and
a verb's endings of gender are one word more.
"""

from collections.abc import Mapping

CONFIRMED = """
confirmed subscribed active enabled regular premium gift trialed unpaid churned churning past_due
free paid comped complimentary yes true opted_in opt_in optin single_opt_in double_opt_in verified
member ok valid subscriber express implied explicit marketing_contact single double
abonniert angemeldet aktiv bestätigt eingetragen
abonné abonnée inscrit inscrite actif confirmé confirmée
suscrito suscrita activo activa confirmado confirmada
iscritto iscritta attivo attiva confermato confermata
ingeschreven aangemeld actief bevestigd geabonneerd
inscrito inscrita ativo ativa assinante
aktywny aktywna potwierdzony potwierdzona zapisany zapisana
prenumererar bekräftad
"""
UNSUBSCRIBED = """
unsubscribed unsubscribe gone left cancelled canceled inactive disabled removed deleted archived
opted_out opt_out optout no false unsub signed_off not_active erased withdrawn revoked
do_not_contact do_not_mail do_not_email deactivated
abgemeldet ausgetragen inaktiv deaktiviert gelöscht abbestellt gekündigt
désabonné désabonnée désinscrit désinscrite inactif désactivé désactivée supprimé supprimée
dado_de_baja dada_de_baja de_baja baja desuscrito desuscrita inactivo inactiva eliminado eliminada
disiscritto disiscritta cancellato cancellata inattivo inattiva disattivato eliminato
afgemeld uitgeschreven inactief verwijderd opgezegd
cancelado cancelada descadastrado descadastrada inativo inativa removido removida desinscrito
wypisany wypisana nieaktywny nieaktywna usunięty usunięta
avregistrerad inaktiv avprenumererad avslutad borttagen
"""
UNCONFIRMED = """
pending unconfirmed unactivated not_confirmed waiting validating unverified invited needs_attention
non_subscribed transactional paused upcoming awaiting_confirmation confirmation_pending
non_subscriber not_subscribed never_subscribed never not_opted_in no_permission no_permissions_set
permission_not_set non_marketing_contact not_verified unapproved
ausstehend unbestätigt nicht_bestätigt wartend offen
en_attente non_confirmé non_confirmée
pendiente no_confirmado no_confirmada sin_confirmar
in_attesa non_confermato non_confermata
in_afwachting onbevestigd niet_bevestigd
pendente não_confirmado não_confirmada
oczekujący oczekująca niepotwierdzony niepotwierdzona
väntande obekräftad
"""
BOUNCE = """
bounced bounce hard_bounced hard_bounce cleaned undeliverable unreachable invalid bad_address
unzustellbar
rebond non_distribuable invalide
rebotado rebotada
respinto
onbestelbaar
odbity
studsat
"""
COMPLAINT = """
complained complaint complaining spam spam_complaint marked_as_spam reported_spam
reported_as_spam abuse junk
beschwerde plainte queja reclamo klacht
"""
BY_HAND = """
blocklisted blacklisted blocked banned suppressed by_hand
gesperrt blockiert bloqué bloquée bloqueado bloqueada bloccato bloccata geblokkeerd zablokowany
blockerad
"""

_YES = (
    "true yes y 1 on t x ja oui sí si sim tak wahr vrai verdadero verdadeiro vero waar prawda sant"
    " ✓ ✔"
)
_NO = "false no n 0 off f nein non não nee nie nej falsch faux falso onwaar fałsz falskt"

FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(_YES.split(), True),
    **dict.fromkeys(_NO.split(), False),
}
"""As people and spreadsheets of all these languages write yes and no, in lower case."""
