# What went wrong, and what to do: in French.
#
# draft: no speaker has reviewed these texts yet.
#
# Where $tries is the number of PIN tries left; it may be absent.

error-user-cancelled = Vous avez annulé.
    .remedy = Rien n’a été envoyé. Vous pouvez recommencer sur le site.
error-user-timeout = Personne n’a répondu à temps.
    .remedy = Rien n’a été envoyé. Recommencez sur le site.
error-pin-wrong = { $tries ->
    [0] Ce code PIN est faux. Il ne reste aucun essai.
    [one] Ce code PIN est faux. Il reste un essai.
    [other] Ce code PIN est faux. Il reste { $tries } essais.
   *[unknown] Ce code PIN est faux.
}
    .remedy = Recommencez sur le site et saisissez le code PIN de cette carte.
error-pin-blocked = Le code PIN de cette carte est bloqué.
    .remedy = Débloquez-le avec le code de déblocage (PUK) de la carte, ou adressez-vous au service qui vous l’a remise.
error-pin-not-activated = Le code PIN de cette carte n’est pas encore défini.
    .remedy = Choisissez d’abord votre propre code, comme l’explique le service qui vous a remis la carte.
error-pin-suspended = Le code PIN de cette carte est suspendu : il reste un essai.
    .remedy = N’essayez pas au hasard. Demandez au service qui vous a remis la carte comment obtenir le dernier essai.
error-can-wrong = Le numéro lu sur la carte est faux.
    .remedy = Recommencez sur le site et saisissez le numéro imprimé sur cette carte. Ce n’est pas le code PIN.
error-can-blocked = Cette carte ne s’ouvre plus avec le numéro imprimé sur elle.
    .remedy = Adressez-vous au service qui vous a remis la carte.
error-mrz-wrong = Le numéro du document ou l’une des dates est faux.
    .remedy = Recommencez et saisissez-les comme ils sont imprimés sur cette carte.
error-gesture-missing = Le site a demandé votre carte sans que vous ayez cliqué.
    .remedy = Appuyez de nouveau sur le bouton du site.
error-request-invalid = La demande du site n’est pas compréhensible.
    .remedy = Rechargez la page. Si cela se répète, signalez-le au site.
error-request-too-large = Le site a envoyé trop de données à la fois.
    .remedy = Rechargez la page. Si cela se répète, signalez-le au site.
error-challenge-invalid = La demande de connexion du site n’est pas valable.
    .remedy = Rechargez la page. Si cela se répète, signalez-le au site.
error-request-id-reused = Le site a demandé deux fois la même connexion.
    .remedy = Rechargez la page et recommencez.
error-request-pending = Le site attend déjà votre carte.
    .remedy = Terminez ou annulez dans la fenêtre ouverte.
error-origin-not-allowed = Ce site n’a pas le droit de demander votre carte.
    .remedy = Ouvrez le site en https, dans son propre onglet.
error-portal-unknown = Personne ne se porte garant de ce site ; il ne peut pas demander qui vous êtes.
    .remedy = Signalez-le au site. Vous pouvez toujours vous connecter avec votre carte.
error-purpose-unknown = Le site demande quelque chose qu’il n’est pas autorisé à demander.
    .remedy = Signalez-le au site.
error-claims-exceed-statement = Le site demande plus de données sur vous qu’il n’y est autorisé.
    .remedy = Rien n’a été lu. Signalez-le au site.
error-document-not-readable = Ce qui est à signer ne peut pas être lu : rien n’a été signé.
    .remedy = Prévenez le site : il a demandé une signature sur quelque chose qui n’est pas un document.
error-request-aborted = Le site a annulé la connexion.
    .remedy = Recommencez sur le site.
error-extension-not-reachable = L’extension Bitaqa ne répond pas.
    .remedy = Installez-la ou autorisez-la sur ce site, puis rechargez la page.
error-extension-too-old = L’extension Bitaqa est trop ancienne.
    .remedy = Mettez-la à jour, puis redémarrez le navigateur.
error-permission-missing = L’extension Bitaqa a perdu une autorisation dont elle a besoin.
    .remedy = Ouvrez l’extension et appuyez sur le bouton qui la lui rend.
error-host-missing = Bitaqa n’est pas installé sur cet ordinateur.
    .remedy = Installez-le, puis réessayez.
error-host-forbidden = Bitaqa sur cet ordinateur n’accepte pas cette extension.
    .remedy = Installez l’extension et le programme depuis la même source, puis réessayez.
error-host-too-old = Bitaqa sur cet ordinateur est trop ancien.
    .remedy = Mettez-le à jour, puis réessayez.
error-service-stopped = Le service des cartes de cet ordinateur est arrêté.
    .remedy = Démarrez le service des cartes à puce (pcscd), puis réessayez.
error-window-unavailable = La fenêtre de connexion ne peut pas s’afficher.
    .remedy = Ouvrez une session sur le bureau de cet ordinateur, puis réessayez.
error-address-not-allowed = Aucune donnée de validation n’est demandée à cette adresse.
    .remedy = Demandez à l’administrateur de cet ordinateur de la permettre, ou continuez sans elle : la signature sera alors prouvée moins longtemps.
error-validation-configuration-unusable = Les réglages de l’administrateur pour les données de validation sont inutilisables.
    .remedy = Demandez à l’administrateur de corriger le fichier validation.toml.
error-no-reader = Aucun lecteur de cartes n’est branché.
    .remedy = Branchez un lecteur de cartes, puis réessayez.
error-no-card = Il n’y a pas de carte dans le lecteur.
    .remedy = Mettez votre carte, puis réessayez.
error-reader-busy = Un autre programme utilise la carte ou le lecteur.
    .remedy = Fermez l’autre programme, puis réessayez.
error-reader-fault = Le lecteur de cartes ne fonctionne pas comme il devrait.
    .remedy = Débranchez-le, rebranchez-le, puis réessayez.
error-card-mute = La carte ne répond pas.
    .remedy = Retirez-la, tournez-la pour que la puce entre en premier, puis réessayez.
error-card-unknown = Ce genre de carte n’est pas connu.
    .remedy = Utilisez votre carte d’identité. Si c’est elle, signalez-le-nous.
error-mrz-needed = Cette carte ne s’ouvre pas avec un numéro imprimé de six chiffres.
    .remedy = Elle s’ouvre seulement avec les lignes de lettres et de chiffres au verso, qui ne sont pas demandées ici. Utilisez une autre carte.
error-card-removed = La carte a été retirée trop tôt.
    .remedy = Remettez-la et recommencez. Laissez-la jusqu’à ce que la fenêtre annonce la fin.
error-card-changed = Ce n’est pas la carte pour laquelle vous avez été interrogé.
    .remedy = Recommencez avec une seule carte et laissez-la dans le lecteur.
error-card-misbehaved = La carte a donné une réponse qui n’a pas de sens.
    .remedy = Retirez-la, remettez-la, puis recommencez.
error-claims-unavailable = Cette carte n’a pas ce que le site doit savoir.
    .remedy = Utilisez une autre carte, ou demandez au site une autre voie.
error-chip-proof-missing = Le site n’a pas pu s’assurer que votre carte est authentique.
    .remedy = Recommencez sur le site et laissez la carte dans le lecteur.
error-certificate-missing = Cette carte ne permet pas de se connecter.
    .remedy = Demandez au service qui vous a remis la carte de l’activer.
error-signing-certificate-missing = Cette carte ne peut pas signer de documents, ou ce n’est pas celle qui a été choisie.
    .remedy = Prenez la carte qui a été choisie, ou choisissez de nouveau sur le site.
error-signing-certificate-unsuitable = Cette carte ne sert pas à signer des documents.
    .remedy = Prenez une autre carte, ou demandez au service qui vous l’a donnée si elle peut signer des documents.
error-certificate-expired = Cette carte est périmée, ou pas encore valable.
    .remedy = Vérifiez la date de cet ordinateur. Renouvelez la carte si sa date est passée.
error-validation-data-unavailable = Un service du réseau n’a pas donné ce qui lui était demandé.
    .remedy = Réessayez plus tard. Ce que vous avez signé est gardé ; on pourra le prolonger quand le service sera revenu.
error-host-crashed = Bitaqa s’est arrêté de façon inattendue sur cet ordinateur.
    .remedy = Recommencez sur le site.
error-host-misbehaved = Bitaqa sur cet ordinateur a donné une réponse fausse.
    .remedy = Mettez-le à jour, puis recommencez sur le site.
error-token-invalid = La réponse de la carte n’a pas passé notre contrôle ; elle n’a pas été envoyée.
    .remedy = Recommencez. Si cela se répète, n’utilisez plus cette carte et signalez-le-nous.
error-answer-invalid = La réponse ne correspondait pas à la demande du site ; elle n’a pas été envoyée.
    .remedy = Recommencez. Si cela se répète, signalez-le-nous.
error-internal-error = Une erreur s’est produite dans Bitaqa.
    .remedy = Recommencez sur le site. Si cela se répète, signalez-le-nous.
